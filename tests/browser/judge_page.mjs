// judge_page.mjs - one page before all judges. `inspect` takes a page that is loaded; what they find are sentences.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const INPAGE = readFileSync(new URL('./judge_inpage.js', import.meta.url), 'utf8');
export const LEAST_RULES = 20; // that have something to look at: an empty page gives them less
export const DESK = { width: 1280, height: 900 }, SMALL = { width: 320, height: 844 }, ZOOMED = { width: 320, height: 256 }; // 1280 × 1024 at 400 %
const OWN = { desk: 36, small: 44 }; // px: our controls' height; buttons in rows of wide tables are lower
// Dark changes colours and nothing else (one block of tokens): there only what axe knows of colours is asked again.
const COLOURS = ['color-contrast', 'link-in-text-block'];

export const call = (page, what, ...words) => page.evaluate(([f, w]) => window.judge[f](...w), [what, words]);

export async function enter(page) {
  await page.evaluate(INPAGE);
  await page.evaluate(AXE);
}

async function axe(page, least, rules) {
  const found = await page.evaluate((only) => window.axe.run(document, { resultTypes: ['violations'], preload: false, ...(only && { runOnly: only }) }), rules);
  const problems = found.violations.flatMap((v) => v.nodes.map((n) => `axe ${v.id}: ${n.html} ${n.any.concat(n.all, n.none).map((c) => c.message).join('; ')}`));
  if (found.passes.length < least) problems.push(`axe: only ${found.passes.length} rules had something to look at`);
  return problems;
}

// Keys without waiting for each: the browser takes them in order.
async function keys(session, times, key, code) {
  const sent = [];
  for (let n = 0; n < times; n++)
    for (const type of ['keyDown', 'keyUp'])
      sent.push(session.send('Input.dispatchKeyEvent', { type, key, code: key, windowsVirtualKeyCode: code, ...(key === 'Enter' && type === 'keyDown' && { text: '\r' }) }));
  await Promise.all(sent);
}

// From the top of the page with Tab to its end, then with the skip link into the content.
async function walk(page) {
  const session = await page.context().newCDPSession(page);
  await keys(session, await call(page, 'walkBegins'), 'Tab', 9);
  const problems = await call(page, 'walkEnds');
  await call(page, 'skipBegins');
  await keys(session, 1, 'Tab', 9);
  if (await call(page, 'atSkipLink')) await keys(session, 1, 'Enter', 13);
  problems.push(...await call(page, 'skipEnds'));
  await session.detach();
  return problems;
}

async function during(page, what, on, off, asked) {
  await call(page, what, on);
  const problems = [];
  for (const one of asked) problems.push(...await call(page, one));
  await call(page, what, off);
  return problems;
}

// Every judge that looks at one page.
export const judges = {
  structure: (page) => call(page, 'structure'),
  axe: (page, least) => axe(page, least),
  colours: (page) => axe(page, 1, COLOURS),
  targets: (page, least, width) => call(page, 'targets', width === SMALL.width ? OWN.small : OWN.desk),
  sideways: (page) => call(page, 'sideways'),
  crowded: (page) => call(page, 'crowded'),
  covered: (page) => call(page, 'covered'),
  menu: (page) => call(page, 'menu'),
  keyboard: (page) => walk(page),
  spacing: (page) => during(page, 'spaced', true, false, ['sideways', 'crowded', 'covered', 'menu']),
  'right to left': (page) => during(page, 'direction', 'rtl', 'ltr', ['sideways', 'crowded']),
};

// The windows, and who looks through them; a window is set once.
const WINDOWS = [
  ['desk', DESK, 'light', ['structure', 'axe', 'targets', 'sideways', 'crowded', 'spacing', 'right to left', 'keyboard']],
  ['desk, dark', DESK, 'dark', ['colours', 'keyboard']],
  ['400 %', ZOOMED, 'dark', ['sideways', 'crowded', 'spacing']],
  ['320 px, dark', SMALL, 'dark', ['colours']],
  ['320 px', SMALL, 'light', ['axe', 'targets', 'sideways', 'crowded', 'covered', 'menu', 'spacing', 'right to left', 'keyboard']],
];

export async function inspect(page, record, least = LEAST_RULES, clock = {}) {
  await enter(page);
  for (const [window, size, colours, names] of WINDOWS) {
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme: colours });
    for (const name of names) {
      const begun = performance.now();
      record(`${name}, ${window}`, await judges[name](page, least, size.width));
      clock[name] = (clock[name] || 0) + performance.now() - begun;
    }
  }
}
