// frames.mjs - what is around every page, measured where it is drawn: the menu on a desk and on a phone, from the left and from the right. And that
// nobody is kept from pasting, and that these people would notice a page that needs a script.
import { DESK, PHONE, assert, machine } from './visitor.mjs';
import { come, story } from './steps.mjs';

const VENDOR = 'Lucerne', MENU = 240, CONTENT = 1200;
const WIDE = { width: 1680, height: 900 };

async function owner(browser, visitors, size) {
  const admin = await come(browser, visitors, `owner, ${size.width} px`, size);
  await admin.signIn(VENDOR);
  return admin;
}

// Where the pieces of the frame are.
const frame = (page) => page.evaluate(() => {
  const box = (e) => { const r = e.getBoundingClientRect(); return { left: r.left, right: r.right, top: r.top, bottom: r.bottom, width: r.width }; };
  const menu = document.querySelector('nav.menu'), industry = menu.querySelector('a[href="/industry"]');
  return { side: box(document.querySelector('.side')), content: box(document.querySelector('main')), menu: box(menu), fixed: getComputedStyle(menu).position === 'fixed', industry: box(industry),
    words: industry.textContent.trim(), icon: industry.querySelector('use').getAttribute('href').split('#')[1], entries: [...menu.querySelectorAll(':scope > ul > li')].map(box),
    current: [...menu.querySelectorAll('[aria-current="page"]')].map((a) => a.getAttribute('href')), first: document.querySelector('a, button').getAttribute('href'),
    wide: document.documentElement.clientWidth };
});

const near = (a, b) => Math.abs(a - b) < 1;

story('on a desk the menu is 240 px wide, Industry at its end, and the content at most 1200', async (browser, visitors) => {
  const admin = await owner(browser, visitors, WIDE);
  for (const [language, side] of [['ar', 'right'], ['en', 'left']]) {
    await admin.go(`/customers?lang=${language}`);
    const f = await frame(admin.page);
    assert(near(f.side.width, MENU) && near(f.side[side], side === 'left' ? 0 : f.wide), `${language}: the menu is at ${JSON.stringify(f.side)}`);
    assert(near(f.content.width, CONTENT) && near(f.content[side], side === 'left' ? MENU : f.wide - MENU), `${language}: the content is at ${JSON.stringify(f.content)}`);
    assert(f.industry.bottom > WIDE.height - 60 && f.industry.top >= Math.max(...f.entries.slice(0, -1).map((e) => e.bottom)), `${language}: Industry is at ${JSON.stringify(f.industry)}`);
    assert(f.icon === 'factory' && f.words, `${language}: Industry is “${f.words}” with ${f.icon}`);
  }
  assert((await frame(admin.page)).words === 'Industry', 'its word is another');
});

story('on a phone the menu is a bar at the bottom, Industry first', async (browser, visitors) => {
  const admin = await owner(browser, visitors, PHONE);
  for (const language of ['ar', 'en']) {
    await admin.go(`/customers?lang=${language}`);
    const f = await frame(admin.page), others = f.entries.filter((e) => !near(e.left, f.industry.left) || !near(e.right, f.industry.right));
    assert(f.fixed && near(f.menu.bottom, PHONE.height) && near(f.menu.width, PHONE.width), `${language}: the bar is at ${JSON.stringify(f.menu)}`);
    assert(others.length === f.entries.length - 1 && others.every((e) => (language === 'ar' ? e.right <= f.industry.left + 1 : e.left >= f.industry.right - 1)),
      `${language}: Industry is at ${JSON.stringify(f.industry)}, others at ${JSON.stringify(others)}`);
  }
});

story('the bar becomes the side menu at 48 rem', async (browser, visitors) => {
  const admin = await owner(browser, visitors, DESK);
  for (const [width, fixed] of [[767, true], [768, false]]) {
    await admin.page.setViewportSize({ width, height: 900 });
    const f = await frame(admin.page);
    assert(f.fixed === fixed && near(f.side.width, fixed ? width : MENU), `${width} px: ${JSON.stringify(f)}`);
  }
});

story('every entry of the menu can be reached in a low window, on a desk and on a phone', async (browser, visitors) => {
  const admin = await owner(browser, visitors, DESK);
  await admin.go('/customers');
  for (const size of [{ width: 1280, height: 360 }, { width: 390, height: 400 }]) {
    await admin.page.setViewportSize(size);
    const found = await admin.page.locator('nav.menu').evaluate((menu) => {
      const more = menu.querySelector('summary');
      if (more.checkVisibility()) more.click();
      const entries = [...menu.querySelectorAll('a, li button')];
      return { all: entries.length, hidden: entries.filter((e) => {
        e.scrollIntoView({ block: 'nearest' });
        const r = e.getBoundingClientRect();
        return !e.checkVisibility({ contentVisibilityAuto: true }) || !e.contains(document.elementFromPoint(r.left + r.width / 2, r.top + r.height / 2));
      }).map((e) => e.textContent.trim()) };
    });
    assert(found.all > 8 && !found.hidden.length, `${size.width} × ${size.height}: of ${found.all} entries nobody reaches ${found.hidden}`);
  }
});

story('every page of the menu says that one is there, after the skip link', async (browser, visitors) => {
  const admin = await owner(browser, visitors, DESK);
  const paths = await admin.page.locator('nav.menu a').evaluateAll((links) => links.map((a) => a.getAttribute('href')));
  assert(paths.includes('/industry') && paths.length > 6, `the menu has ${paths}`);
  for (const path of paths) {
    await admin.go(path);
    const f = await frame(admin.page);
    assert(f.current.join() === path, `${path}: the menu says ${f.current.join() || 'nothing'}`);
    assert(f.first === '#main', `${path}: ${f.first} comes before the skip link`);
  }
});

story('an address and a password can be pasted', async (browser, visitors) => {
  const visitor = await come(browser, visitors, 'who pastes');
  for (const path of ['/sign-in', '/forgot']) {
    await visitor.go(path);
    await visitor.page.waitForLoadState('networkidle');
    const refused = await visitor.page.locator('main input:not([type=hidden])').evaluateAll((fields) => fields.map((e) => e.dispatchEvent(new ClipboardEvent('paste', { bubbles: true, cancelable: true })))
      .filter((taken) => !taken).length);
    assert(!refused, `${path} refuses what is pasted`);
  }
});

for (const scripts of [true, false])
  story(`a page that needs a script ${scripts ? 'is one that works with it' : 'is noticed by who has none'}`, async (browser, visitors) => {
    const visitor = await come(browser, visitors, `made page, scripts ${scripts ? 'on' : 'off'}`, DESK, scripts);
    await visitor.page.goto(`data:text/html,${encodeURIComponent('<h1>Before</h1><button onclick="document.querySelector(\'h1\').textContent = \'After\'">Go</button>')}`);
    await visitor.press('Go');
    const said = await visitor.says('After').then(() => true, () => false);
    assert(said === scripts, scripts ? 'the script did not run' : `a script ran for who has none at ${machine.portal}`);
  });
