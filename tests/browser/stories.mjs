// stories.mjs - what people do. Every story has a vendor of its own; `visitors` are left, and judged, when it is over.
import http from 'node:http';
import { DESK, PHONE, Visitor, assert, machine, mailTo, sleep, sql } from './visitor.mjs';

export const cases = [];
const BARE = 13; // rules that a title and two sentences give axe to look at: nginx's own pages, mails
const story = (name, tell) => cases.push([name, tell]);

const PERSON = { 'First name': 'Jo', 'Last name': 'Example', 'Business name': 'Acme Industrial GmbH', 'Phone (optional)': '+49 30 1234567',
  'Street (optional)': 'Industriestraße', 'House number (optional)': '12a', 'Postal code (optional)': '10115', 'City (optional)': 'Berlin',
  'Country (optional)': 'Germany' };
const CUSTOMER = { kind: 'Customer', list: 'Customer List', menu: 'Customers', as: 'customer' };
const SUPPLIER = { kind: 'Supplier', list: 'Supplier List', menu: 'Suppliers', as: 'supplier' };

async function come(browser, visitors, name, size, scripts) {
  const visitor = await Visitor.come(browser, name, size, scripts);
  visitors.push(visitor);
  return visitor;
}

async function invite(admin, kind, email, more = {}) {
  await admin.follow('Industry');
  await admin.field(kind).check();
  await admin.fill({ 'Email Address': email });
  if (Object.keys(more).length) await admin.page.getByText('More options').click();
  await admin.fill(more);
  await admin.press('Send Invite');
}

async function register(invitee, business, more = {}) {
  await invitee.fill({ ...PERSON, 'Business name': business, Password: machine.password, ...more });
  await invitee.press('Create account');
}

// The main job: sign in, invite, the mail, register, the list.
function mainStory(vendor, { kind, list, menu, as }, scripts) {
  const name = `${as}, ${scripts ? 'with' : 'without'} scripts`;
  story(`main story: ${name}`, async (browser, visitors) => {
    const email = `buyer@${vendor.toLowerCase()}-${as}.example`, business = `Acme ${kind} GmbH`;
    const admin = await come(browser, visitors, `admin (${name})`, DESK, scripts);
    await admin.go('/');
    await admin.isAt('/sign-in', 'Sign in');
    await admin.look('sign in');
    await admin.signIn(vendor);
    await admin.follow(menu);
    await admin.isAt(`/${menu.toLowerCase()}`, list);
    await admin.says(`No ${menu.toLowerCase()} yet`);
    await admin.look('empty list');
    const industry = admin.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Industry', exact: true });
    const box = await industry.boundingBox();
    assert(box.x < 240 && box.y > DESK.height - 120, `Industry is not at the bottom left: ${JSON.stringify(box)}`);
    await industry.click();
    await admin.isAt('/industry', 'Invitations');
    assert(await industry.getAttribute('aria-current') === 'page', 'the menu does not say where we are');
    await admin.says(vendor, 'No invitations yet');
    await admin.look('empty panel');
    await invite(admin, kind, email, { 'First name': 'Jo', 'Customer or supplier number': 'C-10442', Message: 'Hello Jo,\nhere is the portal.' });
    await admin.isAt('/industry', 'Invitations');
    await admin.says('Invitation sent.', `We emailed ${email}. The link works until `, 'All (1)', 'Pending (1)');
    await admin.look('invitation sent');
    await admin.page.reload();
    assert(!(await admin.page.locator('[role=status]').count()), 'the note stays after a reload');

    const mail = await mailTo(email);
    assert(mail.subject === `${vendor} invited you to be a ${as}`, mail.subject);
    const invitee = await come(browser, visitors, `invitee (${name})`, PHONE, scripts);
    await invitee.go(mail.link);
    await invitee.isAt(new URL(mail.link).pathname, `${vendor} invited you to be a ${as}`);
    await invitee.says('Anna Kowalska', email, 'Nothing happens unless you accept.', 'Hello Jo,', `Your account will use ${email}`);
    assert(await invitee.field('First name').inputValue() === 'Jo', 'the first name is not filled in');
    await invitee.look('invitation');
    await register(invitee, business);
    await invitee.isAt('/home', 'Home');
    await invitee.says(`You’re connected with ${vendor}.`, business);
    const bar = await invitee.page.getByRole('navigation', { name: 'Main' }).boundingBox();
    assert(Math.abs(bar.y + bar.height - PHONE.height) < 2, `the menu is not at the bottom: ${JSON.stringify(bar)}`);
    await invitee.look('home');

    await admin.follow(menu);
    await admin.says(business, 'C-10442', email, 'Active');
    await admin.look(list);
    await admin.follow(business);
    await admin.says('Industriestraße', '12a', '10115', 'Berlin', 'Germany', '+49 30 1234567', 'C-10442', 'Jo Example');
    await admin.look('details');
    await admin.follow('Industry');
    await admin.says('Accepted (1)');
    await admin.press('Sign out');
    await admin.isAt('/sign-in', 'Sign in');
  });
}
mainStory('Northwind', CUSTOMER, true);
mainStory('Contoso', CUSTOMER, false);
mainStory('Fabrikam', SUPPLIER, true);
mainStory('Tailspin', SUPPLIER, false);

story('by keyboard only: the panel and the registration', async (browser, visitors) => {
  const email = 'keys@acme.example';
  const admin = await come(browser, visitors, 'admin (keyboard)');
  const press = async (key) => { await admin.page.keyboard.press(key); await admin.page.waitForLoadState(); };
  await admin.go('/sign-in');
  await admin.type('Email Address', machine.owners.Wingtip);
  await admin.type('Password', machine.password);
  await admin.page.keyboard.press('Enter');
  await admin.page.waitForURL('**/industry');
  await admin.page.keyboard.press('Tab');
  const first = await admin.page.evaluate(() => document.activeElement.textContent);
  assert(first === 'Skip to main content', `the first stop is “${first}”`);
  await press('Enter');
  assert(await admin.page.evaluate(() => document.activeElement.id) === 'main', 'the skip link does not move the focus');
  // the arrow keys move between the two cards
  await admin.tabTo(admin.field('Customer'));
  await press('ArrowDown');
  assert(await admin.field('Supplier').isChecked(), 'the arrow key does not choose Supplier');
  await press('ArrowUp');
  assert(await admin.field('Customer').isChecked(), 'the arrow key does not choose Customer');
  await admin.type('Email Address', email);
  await admin.tabTo(admin.page.locator('main summary'));
  await press('Enter');
  await admin.type('Business name', 'Keyboard Ltd');
  await admin.tabTo(admin.button('Send Invite'));
  await admin.page.keyboard.press('Enter');
  await admin.page.getByRole('status').waitFor();
  await admin.says(`We emailed ${email}.`);
  await admin.tabTo(admin.page.getByRole('row', { name: email }).getByRole('button', { name: 'Resend' }));
  await admin.tabTo(admin.page.getByRole('row', { name: email }).getByRole('link', { name: 'Cancel' }));

  const { link } = await mailTo(email);
  const invitee = await come(browser, visitors, 'invitee (keyboard)', PHONE);
  await invitee.go(link);
  for (const [label, text] of Object.entries(PERSON)) await invitee.type(label, text);
  await invitee.type('Password', machine.password);
  await invitee.tabTo(invitee.button('Create account'));
  await invitee.page.keyboard.press('Enter');
  await invitee.page.waitForURL('**/home');
  await invitee.says('You’re connected with Wingtip.');
});

story('mistakes in the panel', async (browser, visitors) => {
  const admin = (await come(browser, visitors, 'admin (mistakes)')).expect(422);
  await admin.signIn('Litware');
  await admin.press('Send Invite');
  await admin.says('There is a problem', 'Select customer or supplier', 'Enter an email address');
  const focused = await admin.page.evaluate(() => document.activeElement.getAttribute('role'));
  assert(focused === 'alert', 'the summary does not have the focus');
  await admin.look('nothing filled in');
  await admin.follow('Select customer or supplier');
  assert(await admin.field('Customer').evaluate((e) => e === document.activeElement), 'the summary does not lead to the choice');

  await invite(admin, 'Supplier', 'half@', { 'Business name': 'Half & Half', 'Expires after (days)': '90', Message: 'two\nlines' });
  await admin.says('Enter an email address in the correct format, like name@example.com', 'Enter a number of days from 1 to 30');
  assert(await admin.field('Supplier').isChecked() && await admin.field('Business name').inputValue() === 'Half & Half'
    && await admin.field('Message').inputValue() === 'two\nlines' && await admin.field('Message').isVisible(), 'what was typed is lost or hidden');
  await admin.look('more options, with mistakes');

  await invite(admin, 'Customer', 'twice@acme.example');
  const first = (await mailTo('twice@acme.example')).link;
  await invite(admin, 'Customer', 'twice@acme.example');
  await admin.says('twice@acme.example already has a pending invitation');
  const problem = admin.page.locator('.problem');
  assert(await problem.getByRole('link', { name: 'View' }).isVisible(), 'the problem has no View');
  await admin.look('already pending');
  await problem.getByRole('button', { name: 'Resend' }).click();
  await admin.says('New invitation sent.', 'The old link no longer works.');
  await mailTo('twice@acme.example', '/i/', [first]);
  const visitor = await come(browser, visitors, 'invitee (superseded)', PHONE);
  await visitor.go(first);
  await visitor.says('A newer invitation was sent to you');
  await visitor.look('superseded');

  await admin.follow('twice@acme.example');
  await admin.look('one invitation');
  await admin.follow('Cancel');
  await admin.says('Cancel this invitation?', 'The link sent to twice@acme.example will stop working. We will not email them about this.');
  await admin.look('cancel');
  await admin.press('Cancel invitation');
  await admin.says('Invitation cancelled.', 'Cancelled (1)');
  await admin.go('/industry?q=nobody');
  await admin.says('No invitations found');
  await admin.look('nothing found');
});

story('what a mail server can answer, and every status, in one panel', async (browser, visitors) => {
  const admin = await come(browser, visitors, 'admin (every row)');
  await admin.signIn('Proseware');
  const names = ['queued', 'deferred', 'bounced', 'expired', 'cancelled', 'declined', 'accepted'];
  for (const n of names) {
    await invite(admin, n === 'expired' ? 'Supplier' : 'Customer', `${n}@very-long-subdomain.logistics-partner.example`, { 'Business name': `${n} & Söhne` });
    await mailTo(`${n}@very-long-subdomain.logistics-partner.example`);
  }
  sql(`UPDATE invitation SET status = 'cancelled' WHERE email LIKE 'cancelled@very%'; UPDATE invitation SET status = 'declined' WHERE email LIKE 'declined@very%';
    UPDATE invitation SET status = 'accepted' WHERE email LIKE 'accepted@very%';
    UPDATE invitation SET expires_at = UTC_TIMESTAMP(6) - INTERVAL 1 DAY WHERE email LIKE 'expired@very%';
    UPDATE outbox o JOIN invitation i ON i.outbox_id = o.id SET o.state = SUBSTRING_INDEX(i.email, '@', 1),
      o.next_at = IF(i.email LIKE 'bounced%', NULL, UTC_TIMESTAMP(6) + INTERVAL 5 HOUR), o.give_up_at = UTC_TIMESTAMP(6) + INTERVAL 1 DAY,
      o.reply = IF(i.email LIKE 'queued%', '', '450 4.2.0 <x@very-long-subdomain.logistics-partner.example>: Recipient address rejected: Greylisted')
    WHERE i.email LIKE 'queued@very%' OR i.email LIKE 'deferred@very%' OR i.email LIKE 'bounced@very%'`);
  await admin.go('/industry');
  await admin.says('Queued', 'Deferred', 'Bounced', 'Expired', 'Cancelled', 'Declined', 'Accepted', 'Greylisted', 'Next try:');
  await admin.look('every row');
  await admin.follow('deferred@very-long-subdomain.logistics-partner.example');
  await admin.says('Deferred', 'Greylisted');
  await admin.look('deferred invitation');
  const { link } = await mailTo('expired@very-long-subdomain.logistics-partner.example');
  const visitor = await come(browser, visitors, 'invitee (expired)', PHONE);
  await visitor.go(link);
  await visitor.says('This invitation has expired', 'Ask for a new invitation');
  await visitor.look('expired');
});

story('every answer of a link', async (browser, visitors) => {
  const admin = await come(browser, visitors, 'admin (links)');
  await admin.signIn('Adatum');
  await invite(admin, 'Customer', 'dora@two.example');
  const first = (await mailTo('dora@two.example')).link;
  const dora = (await come(browser, visitors, 'Dora', PHONE)).expect(422, 404);
  await dora.go(first);
  await register(dora, 'Zwei GmbH', { 'Last name': '', Password: 'short', 'City (optional)': 'Köln' });
  await dora.says('There is a problem', 'Enter your last name', 'Enter a password of at least 12 characters');
  assert(await dora.field('City (optional)').inputValue() === 'Köln' && await dora.field('Password').inputValue() === '', 'the values are not kept');
  await dora.look('registration with mistakes');
  await register(dora, 'Zwei GmbH');
  await dora.isAt('/home', 'Home');
  await dora.go(first);
  await dora.says('You accepted this invitation');
  await dora.look('accepted already');

  const other = (await come(browser, visitors, 'somebody else', PHONE)).expect(404, 422);
  await other.go(first);
  await other.says('This invitation link does not work');
  const used = await other.page.content();
  await other.go('/i/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA');
  const unknown = await other.page.content();
  await other.go('/i/x');
  const plain = (html) => html.replace(/<input[^>]*csrf[^>]*>/g, '');
  assert(plain(used) === plain(unknown) && plain(used) === plain(await other.page.content()), 'dead links can be told apart');
  await other.look('dead link');

  await invite(admin, 'Supplier', 'dora@two.example');
  const second = (await mailTo('dora@two.example', '/i/', [first])).link;
  await dora.go(second);
  await dora.says('This invitation is for a supplier account', 'Register a supplier company for yourself');
  await dora.look('wrong kind, own address');
  await dora.go('/home');
  await dora.says('Pending invitations', 'Sent by anna@adatum.example');
  await dora.look('home with a pending invitation');

  await admin.go(second);
  await admin.says('This invitation is for a supplier account', 'which is a vendor account', 'Only supplier accounts can accept supplier invitations.');
  await admin.look('wrong kind');
  await other.go(second);
  await other.says('Sign in', 'You have an account with dora@two.example');
  await other.fill({ Password: 'not this one' });
  await other.press('Sign in');
  await other.says('Enter the right password for this address');
  await other.look('sign in at a link, wrong password');
  await other.follow('Decline');
  await other.says('Decline this invitation?');
  await other.look('decline?');
  await other.press('Decline invitation');
  await other.says('You declined this invitation');
  await other.look('declined');

  await admin.go('/industry');
  await admin.press('Sign out');
  await admin.signIn('Litware');
  await invite(admin, 'Customer', 'dora@two.example');
  await invite(admin, 'Customer', 'stranger@two.example');
  const third = (await mailTo('dora@two.example', '/i/', [first, second])).link;
  sql(`INSERT INTO company (public_id, kind, name, created_at) VALUES (RANDOM_BYTES(16), 'customer', 'Zwei Immobilienverwaltungsgesellschaft mbH', UTC_TIMESTAMP(6));
    INSERT INTO member SELECT LAST_INSERT_ID(), id, 'owner', UTC_TIMESTAMP(6) FROM account WHERE email = 'dora@two.example'`);
  await dora.go(third);
  await dora.look('accept with two companies');
  await dora.press('Accept');
  await dora.says('Select the company that accepts');
  await dora.look('no company chosen');
  await dora.go((await mailTo('stranger@two.example')).link);
  await dora.says('This invitation is for another address');
  await dora.look('another address');
  await dora.go('/home');
  await dora.look('home with two companies');
  await dora.go(third);
  await dora.field('Zwei GmbH').check();
  await dora.press('Accept');
  await dora.isAt('/home', 'Home');
  await dora.says('You’re connected with Litware.');
  await admin.follow('Industry');
  admin.expect(422);
  await invite(admin, 'Customer', 'dora@two.example');
  await admin.says('dora@two.example is already a customer');
  await admin.look('already a customer');
});

story('a forgotten password, and addresses that lead nowhere', async (browser, visitors) => {
  const visitor = (await come(browser, visitors, 'visitor', PHONE)).expect(404, 410, 422, 400);
  await visitor.go('/sign-in');
  await visitor.fill({ 'Email Address': 'nobody@nowhere.example', Password: 'whatever it was' });
  await visitor.press('Sign in');
  await visitor.says('Enter the right email address and password');
  await visitor.look('sign in, wrong');
  await visitor.follow('Forgotten your password?');
  await visitor.look('forgotten password');
  await visitor.press('Send link');
  await visitor.says('Enter an email address');
  await visitor.look('forgotten password, nothing filled in');
  await visitor.fill({ 'Email Address': machine.owners.Wingtip });
  await visitor.press('Send link');
  await visitor.says('Check your email.');
  await visitor.look('link sent');
  const { link } = await mailTo(machine.owners.Wingtip, '/reset/');
  await visitor.go(link);
  await visitor.look('new password');
  await visitor.fill({ 'New password': 'short' });
  await visitor.press('Change password');
  await visitor.says('Enter a password of at least 12 characters');
  await visitor.look('new password, too short');
  await visitor.go('/reset/x');
  await visitor.look('dead reset link');
  await visitor.go('/nothing');
  await visitor.says('Page not found');
  await visitor.look('404');
  await visitor.go('/static/nothing.css');
  await visitor.says('Page not found');
  await visitor.look('404 of nginx', BARE);
});

story('what nobody may do, and what nobody can read', async (browser, visitors) => {
  const admin = await come(browser, visitors, 'admin (refused)');
  await admin.signIn('Fabrikam');
  await invite(admin, 'Customer', 'halt@pause.example');
  const { link } = await mailTo('halt@pause.example');
  const visitor = (await come(browser, visitors, 'invitee (refused)', PHONE)).expect(403, 400);
  await visitor.go(link);
  await register(visitor, 'Halt GmbH');
  await visitor.go('/industry');
  await visitor.says('You cannot open this page');
  await visitor.look('403');
  await visitor.go('/sign-in?colour=blue');
  await visitor.says('Reference:');
  await visitor.look('400');

  await invite(admin, 'Customer', 'waits@pause.example');
  const waiting = (await mailTo('waits@pause.example')).link;
  sql("UPDATE member m JOIN account a ON a.id = m.account_id SET m.role = 'auditor' WHERE a.email = 'anna@fabrikam.example'");
  const other = await come(browser, visitors, 'invitee (paused)', PHONE);
  await other.go(waiting);
  await other.says('This invitation is paused');
  await other.look('paused');
});

// These two read the mails of the stories above.
story('the mails', async (browser, visitors) => {
  for (const [name, mail] of [['invitation', await mailTo('buyer@northwind-customer.example')], ['reset', await mailTo(machine.owners.Wingtip, '/reset/')],
    ['accepted', await mailTo(machine.owners.Northwind, '/industry/')]]) {
    const reader = await come(browser, visitors, `${name} mail`, { width: 600, height: 800 });
    await reader.page.setContent(mail.html);
    await reader.look('HTML', BARE, ['landmark-one-main', 'region']); // a mail is a part of the page that shows it
    assert(mail.subject.length <= 60, `${mail.subject.length} characters: ${mail.subject}`);
    assert(mail.text.includes(mail.link) && !/[<>]|&\w+;/.test(mail.text), `text part: ${mail.text}`);
    const shown = await reader.page.getByRole('link').first().boundingBox();
    assert(shown.height >= 44, `the button is ${shown.height} px high`);
  }
});

story('nobody may frame the invitation', async (browser, visitors) => {
  const inner = 'may be framed';
  const server = http.createServer((request, answer) => {
    answer.setHeader('Content-Type', 'text/html; charset=utf-8');
    const of = new URL(request.url, 'http://x').searchParams.get('of');
    answer.end(of ? `<!doctype html><title>frame</title><iframe src="${of}"></iframe>` : `<!doctype html><title>inner</title><p>${inner}</p>`);
  }).listen(0, '127.0.0.1');
  try {
    await new Promise((up) => server.once('listening', up));
    const own = `http://127.0.0.1:${server.address().port}/`;
    const { link } = await mailTo('buyer@northwind-customer.example');
    const visitor = await come(browser, visitors, 'framed visitor');
    for (const [of, allowed] of [[own, true], [link, false], [`${machine.portal}/sign-in`, false]]) {
      visitor.problems.length = 0;
      await visitor.page.goto(`${own}?of=${encodeURIComponent(of)}`);
      const frame = visitor.page.frames()[1];
      const text = frame ? await frame.locator('body').innerText().catch(() => '') : '';
      const refused = visitor.problems.some((p) => p.includes('frame-ancestors'));
      assert(allowed ? text.includes(inner) && !refused : refused && !/invited|Sign in|does not work/.test(text), `${of}: ${text}; ${visitor.problems}`);
    }
    visitor.problems.length = 0; // the refusals themselves
  } finally {
    server.close();
  }
});

// The watch itself: what it must notice.
story('a breach is noticed', async (browser) => {
  const visitor = await Visitor.come(browser, 'test of the watch');
  await visitor.go('/sign-in');
  await visitor.page.evaluate(() => document.querySelector('h1').setAttribute('style', 'color: red'));
  await visitor.page.evaluate(() => fetch('/nothing').catch(() => {}));
  for (let n = 0; n < 40 && visitor.problems.length < 2; n++) await sleep(50);
  assert(visitor.problems.some((p) => p.includes('Content Security Policy')), `a breach of the policy goes unnoticed: ${visitor.problems}`);
  assert(visitor.problems.some((p) => p.includes('/nothing')), `a refused request goes unnoticed: ${visitor.problems}`);
  await visitor.page.evaluate(() => { document.querySelector('label').remove(); document.querySelector('h1').className = 'x'; });
  assert((await visitor.axe()).some((p) => p.includes('axe label')), 'axe does not notice a field without a label');
  await visitor.page.setContent('<!doctype html><html lang="en"><title>Empty</title>');
  assert((await visitor.axe()).some((p) => p.includes('only')), 'an empty page passes');
  await visitor.context.close();
});

// It ends the program, so nothing can come after it.
export const last = ['the database refuses, then the program is down', async (browser, visitors) => {
  const asker = await Visitor.come(browser, 'visitor while the database refuses', PHONE);
  visitors.push(asker.expect(503));
  await asker.go('/forgot');
  await asker.fill({ 'Email Address': machine.owners.Wingtip });
  sql('SET GLOBAL read_only = 1');
  await asker.press('Send link');
  await asker.says('The service is not available right now', 'Reference:');
  await asker.look('503');
  process.kill(machine.program, 'SIGTERM');
  const visitor = await Visitor.come(browser, 'visitor of a portal that is down', PHONE);
  visitors.push(visitor.expect(502, 503));
  for (let n = 0; n < 100 && (await fetch(`${machine.portal}/sign-in`)).status < 500; n++) await sleep(50);
  await visitor.go('/sign-in');
  await visitor.says('The portal cannot answer just now');
  await visitor.look('down', BARE);
}];
