// scripts.mjs - what the optional script does for people, and that each page does its work without it.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { DESK, assert, machine, mailTo, sql } from './visitor.mjs';
import { come, story } from './steps.mjs';

const VENDOR = 'Lucerne', MOST_REQUESTS = 4;
const WRONG = 'Enter an email address in the correct format, like name@example.com';

async function owner(browser, visitors, scripts = true) {
  const admin = await come(browser, visitors, `owner, scripts ${scripts ? 'on' : 'off'}`, DESK, scripts);
  await admin.signIn(VENDOR);
  return admin;
}

async function invite(admin, email) {
  await admin.go('/industry');
  await admin.field('Customer').check();
  await admin.fill({ 'Email Address': email });
  await admin.press('Send Invite');
  await admin.says('Invitation sent.');
  await mailTo(email);
  return `/industry/invitations/${sql(`SELECT LOWER(HEX(public_id)) FROM invitation WHERE email = '${email}'`)}`;
}

story('a password can be looked at while it is typed, and is sent as a password', async (browser, visitors) => {
  const visitor = await come(browser, visitors, 'who forgets');
  await visitor.go('/sign-in');
  await visitor.fill({ 'Email Address': machine.owners[VENDOR], Password: machine.password });
  const type = () => visitor.field('Password').getAttribute('type');
  assert(await type() === 'password', 'shown before anybody asked');
  await visitor.button('Show password').click();
  assert(await type() === 'text' && await visitor.button('Hide password').innerText() === 'Hide', 'not shown');
  await visitor.look('password shown');
  await visitor.button('Hide password').click();
  assert(await type() === 'password' && await visitor.button('Show password').isVisible(), 'not hidden again');
  await visitor.button('Show password').click();
  await visitor.page.evaluate(() => document.forms[0].addEventListener('submit', () => { window.name = document.getElementById('password').type; }));
  await visitor.press('Sign in');
  await visitor.isAt('/industry');
  assert(await visitor.page.evaluate(() => window.name) === 'password', 'sent as text, for the browser to remember');
});

story('the icon that a browser asks for by itself is one that it can draw', async (browser, visitors) => {
  const visitor = await come(browser, visitors, 'tab');
  await visitor.go('/sign-in');
  const size = await visitor.page.evaluate(async () => { const icon = new Image(); icon.src = '/favicon.ico'; await icon.decode(); return `${icon.naturalWidth} x ${icon.naturalHeight}`; });
  assert(size === '32 x 32', size);
});

story('without scripts a password field has no button that does nothing', async (browser, visitors) => {
  const visitor = await come(browser, visitors, 'scripts off', DESK, false);
  await visitor.go('/sign-in');
  assert(await visitor.page.locator('[data-hide]').count() === 1 && !await visitor.page.locator('[data-hide]').isVisible(), 'a dead button');
  await visitor.signIn(VENDOR);
  await visitor.isAt('/industry');
});

for (const scripts of [true, false])
  story(`a link to a page leads through the sign-in to that page, scripts ${scripts ? 'on' : 'off'}`, async (browser, visitors) => {
    const visitor = (await come(browser, visitors, 'who follows a link', DESK, scripts)).expect(422);
    await visitor.go('/customers?q=nobody');
    for (const password of ['not the right one', machine.password]) {
      await visitor.isAt('/sign-in', 'Sign in');
      await visitor.fill({ 'Email Address': machine.owners[VENDOR], Password: password });
      await visitor.press('Sign in');
    }
    await visitor.isAt('/customers', 'Customer List');
    await visitor.says('No customers found');
  });

story('the copied link is in the clipboard at the press of a button', async (browser, visitors) => {
  const admin = await owner(browser, visitors);
  await admin.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await admin.go(await invite(admin, 'copy@lucerne-customer.example'));
  await admin.press('Copy link');
  await admin.isAt(new URL(admin.page.url()).pathname, 'Copy the link');
  await admin.look('copied link');
  await admin.button('Copy').click();
  await admin.page.locator('[aria-live]', { hasText: 'Copied' }).waitFor();
  const link = await admin.field('Link').inputValue();
  assert(await admin.page.evaluate(() => navigator.clipboard.readText()) === link, 'something else is in the clipboard');
  await admin.page.emulateMedia({ colorScheme: 'dark' });
  const picture = `${machine.folder}/code.png`;
  writeFileSync(picture, await admin.page.getByRole('img', { name: 'QR code of the link' }).screenshot());
  const read = execFileSync('zbarimg', ['--quiet', '--raw', '-Sdisable', '-Sqrcode.enable', picture],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  assert(read === link, `a camera before the dark page reads “${read}”`);
  await admin.press('Show as a letter to print');
  await admin.isAt(new URL(admin.page.url()).pathname, `${VENDOR} invited you to be a customer`);
  await admin.look('letter');
  await admin.page.emulateMedia({ media: 'print' });
  await admin.says(link, 'Nothing happens unless you accept.');
  for (const words of ['Back to the invitation', 'Print this page', 'Need help?', 'Deutsch'])
    assert(await admin.page.getByText(words).count() === 1 && !await admin.page.getByText(words).isVisible(), `“${words}” belongs to the screen and is printed`);
});

story('without scripts the copied link is there to be marked', async (browser, visitors) => {
  const admin = await owner(browser, visitors, false);
  await admin.go(await invite(admin, 'mark@lucerne-customer.example'));
  await admin.press('Copy link');
  assert(/\/i\/[\w-]{43}$/.test(await admin.field('Link').inputValue()), 'no link');
  assert(!await admin.page.locator('[data-copy]').isVisible(), 'a dead button');
});

story('an address that cannot be one is told while it is typed, and the server decides', async (browser, visitors) => {
  const admin = (await owner(browser, visitors)).expect(422);
  const field = admin.field('Email Address'), words = admin.page.locator('[aria-live]', { hasText: WRONG });
  await field.pressSequentially('ada@lovelace');
  await words.waitFor();
  assert(await field.getAttribute('aria-invalid') === 'true', 'not marked');
  await admin.look('address half typed');
  await field.pressSequentially('.example');
  await words.waitFor({ state: 'detached' });
  assert(await field.getAttribute('aria-invalid') === null, 'still marked');
  await field.fill('ada @lovelace.example');
  await admin.field('Customer').check();
  await admin.press('Send Invite');
  await admin.says('There is a problem', WRONG);
  assert(await admin.page.getByText(WRONG).count() === 2, 'said by the script beside the server');
});

story('without scripts the server tells what is wrong with an address', async (browser, visitors) => {
  const admin = (await owner(browser, visitors, false)).expect(422);
  await admin.field('Customer').check();
  await admin.fill({ 'Email Address': 'ada@lovelace' });
  await admin.press('Send Invite');
  await admin.says('There is a problem', WRONG);
});

story('the page of an invitation whose mail waits says by itself when it was sent', async (browser, visitors) => {
  const email = 'waits@lucerne-customer.example', admin = await owner(browser, visitors), where = await invite(admin, email);
  const state = (word) => sql(`UPDATE outbox SET state = '${word}', next_at = NULL WHERE recipient = '${email}'`);
  state('queued');
  await admin.lookAgain();
  await admin.go(where);
  await admin.says('Queued');
  state('sent');
  await admin.page.locator('dd', { hasText: 'Sent' }).first().waitFor();
  await admin.isAt(where);
  assert(!await admin.page.locator('[data-again]').count(), 'it goes on looking');
  const still = await owner(browser, visitors, false);
  state('queued');
  await still.go(where);
  await still.says('Queued');
  state('sent');
  await still.go(where);
  assert(!await still.page.getByText('Queued').count(), 'without scripts it is never sent');
});

story('a page whose mail waits does not look again under somebody’s hands, nor take away what it has just said', async (browser, visitors) => {
  const email = 'hands@lucerne-customer.example', admin = await owner(browser, visitors), where = await invite(admin, email);
  const still = async () => { // ten minutes later
    await admin.page.evaluate(() => { window.still = true; });
    await admin.page.clock.fastForward('10:00');
    return admin.page.evaluate(() => !!window.still && !history.state?.times);
  };
  sql(`UPDATE outbox SET state = 'queued', next_at = NULL WHERE recipient = '${email}'`);
  await admin.go(`${where}/change`);
  await admin.lookAgain();
  await admin.page.clock.install();
  await admin.fill({ Message: 'Hello' });
  await admin.press('Save changes');
  await admin.isAt(where);
  await admin.page.getByRole('status').waitFor();
  assert(await still(), 'a note that nobody has read is gone');
  await admin.go(where);
  await admin.says('Queued');
  await admin.page.locator('main a').first().focus();
  assert(await still(), 'the page is another under somebody’s hands');
  const again = admin.page.waitForEvent('load');
  await admin.page.evaluate(() => document.activeElement.blur());
  await admin.page.clock.fastForward('10:00');
  await again;
});

for (const scripts of [true, false])
  story(`a file on its way ${scripts ? 'is said to be' : 'without scripts arrives too'}`, async (browser, visitors) => {
    const admin = await owner(browser, visitors, scripts), title = `prices-${scripts}.txt`;
    await admin.go('/shared/upload');
    await admin.field('All customers').check();
    await admin.field('File').setInputFiles({ name: title, mimeType: 'text/plain', buffer: Buffer.from('prices') });
    // Looked at where the form is sent: the next page comes when it comes.
    if (scripts) await admin.page.evaluate(() => document.getElementById('file').form.addEventListener('submit', () => {
      window.name = `${document.querySelector('[data-wait]').textContent} ${document.querySelector('progress').checkVisibility()}`;
    }));
    else assert(!await admin.page.getByRole('progressbar').count(), 'a bar that never moves');
    await admin.button('Share file').click();
    await admin.page.waitForURL((url) => url.pathname !== '/shared/upload');
    await admin.says(`${title} is shared.`);
    const said = scripts ? await admin.page.evaluate(() => window.name) : '';
    assert(!scripts || said === 'The file is being sent. Keep this page open until the next one appears. true', `while the file was sent: “${said}”`);
  });

story('an export says that it begins, and comes', async (browser, visitors) => {
  const admin = await owner(browser, visitors);
  await invite(admin, 'export@lucerne-customer.example');
  await admin.go('/industry');
  const download = admin.page.waitForEvent('download');
  await admin.page.getByRole('link', { name: 'Export as CSV' }).click();
  await admin.page.locator('[aria-live]', { hasText: 'The download begins now.' }).waitFor();
  admin.problems = admin.problems.filter((p) => !p.includes('/export/')); // a download is a page that never comes
  assert((await (await download).suggestedFilename()).endsWith('.csv'), 'no list');
});

story('a page makes at most four requests, its script among them', async (browser, visitors) => {
  const admin = await owner(browser, visitors), where = await invite(admin, 'four@lucerne-customer.example'), { link } = await mailTo('four@lucerne-customer.example');
  for (const [path, person] of [['/sign-in', null], [link, null], ['/industry', admin], [where, admin]]) {
    const visitor = await come(browser, visitors, `first visit of ${path.split('/')[1]}`), asked = [];
    if (person) await visitor.context.addCookies(await person.context.cookies());
    visitor.page.on('request', (request) => asked.push(request.url()));
    await visitor.go(path);
    await visitor.page.waitForLoadState('networkidle');
    assert(asked.length <= MOST_REQUESTS && asked.some((url) => url.includes('/static/script.')), `${path}: ${asked.join(' ')}`);
  }
});
