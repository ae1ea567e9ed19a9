// refusals.mjs - what leads nowhere, what is refused, and what the browser refuses for us; the mails; and at last the program that is down.
import http from 'node:http';
import { PHONE, Visitor, assert, machine, mailTo, sleep, sql } from './visitor.mjs';
import { come, invite, register, story } from './steps.mjs';

const BARE = 13; // rules that a title and two sentences give axe to look at: nginx's own pages, mails

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

// These two read the mails of stories.mjs.
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
