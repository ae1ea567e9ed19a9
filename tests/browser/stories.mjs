// stories.mjs - what people do. Every story has a vendor of its own; `visitors` are left, and judged, when it is over.
import { DESK, PHONE, assert, machine, mailTo, sql } from './visitor.mjs';
import { PERSON, come, invite, register, story } from './steps.mjs';

const CUSTOMER = { kind: 'Customer', list: 'Customer List', menu: 'Customers', as: 'customer' };
const SUPPLIER = { kind: 'Supplier', list: 'Supplier List', menu: 'Suppliers', as: 'supplier' };

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
  for (const language of ['de', 'fr', 'pl', 'ar', 'en']) {
    await admin.go(`/industry?lang=${language}`);
    for (const width of [1366, 1280, 768]) {
      await admin.page.setViewportSize({ width, height: DESK.height });
      const wide = await admin.page.evaluate(() => [document.documentElement, document.querySelector('.list')].map((e) => e.scrollWidth - e.clientWidth));
      assert(wide.every((more) => more <= 0), `at ${width} px the panel in ${language} is wider than its place by ${wide} px`);
    }
  }
  await admin.go('/home');
  await admin.page.setViewportSize({ width: 320, height: DESK.height });
  const below = await admin.page.evaluate(() => [...document.querySelectorAll('.items strong')].filter((e) => { // the widest count that there is
    e.textContent = '1,000+';
    const { top, height } = e.getBoundingClientRect();
    return height > 30 || top >= e.closest('li').querySelector('a').getBoundingClientRect().bottom;
  }).length);
  assert(below === 0, `${below} counts do not stand beside their words`);
  await admin.page.setViewportSize(DESK);
  await admin.go('/industry');
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
