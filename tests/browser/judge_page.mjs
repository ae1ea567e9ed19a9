// judge_page.mjs - one page before all judges. `inspect` takes a page that is loaded; what they find are sentences.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const INPAGE = readFileSync(new URL('./judge_inpage.js', import.meta.url), 'utf8');
export const LEAST_RULES = 20; // that have something to look at: an empty page gives them less
export const DESK = { width: 1280, height: 900 }, SMALL = { width: 320, height: 844 }, ZOOMED = { width: 320, height: 256 }; // 1280 × 1024 at 400 %
const OWN = { desk: 36, small: 44 }; // px: our controls' height in rows of tables, which are lower where they are wide
// Dark changes colours and nothing else (one block of tokens): there only what axe knows of colours is asked again, on a phone of the menu alone,
// which is another there.
const COLOURS = ['color-contrast', 'link-in-text-block'];
// Of words: what another language may lack. Of the window: names, too, because a narrow one may hide words.
const LANGUAGE = ['html-has-lang', 'html-lang-valid', 'valid-lang', 'document-title', 'label', 'link-name', 'button-name', 'select-name', 'summary-name', 'image-alt', 'svg-img-alt', 'empty-heading',
  'aria-command-name', 'aria-input-field-name'];
const WINDOW = [...COLOURS, ...LANGUAGE, 'target-size', 'scrollable-region-focusable', 'aria-hidden-focus', 'landmark-one-main', 'landmark-unique', 'region', 'heading-order', 'page-has-heading-one', 'bypass',
  'skip-link', 'list', 'listitem', 'nested-interactive', 'css-orientation-lock', 'meta-viewport'];
const LEAST_OF_WINDOW = 10;

export const call = (page, what, ...words) => page.evaluate(([f, w]) => window.judge[f](...w), [what, words]);

// What the judges bring along, once into each page; axe only where it is asked: reading it costs as much as a look.
const bring = async (page, name, source) => { if (!await page.evaluate((n) => n in window, name)) await page.evaluate(source); };
export const enter = (page) => bring(page, 'judge', INPAGE);

async function axe(page, least, rules, where = 'html') {
  await bring(page, 'axe', AXE);
  const found = await page.evaluate(([only, root]) => window.axe.run(root, { resultTypes: ['violations'], preload: false, ...(only && { runOnly: only }) }), [rules, where]);
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
  'axe of the window': (page) => axe(page, LEAST_OF_WINDOW, WINDOW),
  'colours of the frame': (page) => axe(page, 0, COLOURS, { exclude: 'main' }),
  'axe of words': (page) => axe(page, 4, LANGUAGE),
  targets: (page, least, width) => call(page, 'targets', width === SMALL.width ? OWN.small : OWN.desk),
  sideways: (page) => call(page, 'sideways'),
  lists: (page) => call(page, 'lists'),
  labels: (page) => call(page, 'labels'),
  current: (page) => call(page, 'current'),
  crowded: (page) => call(page, 'crowded'),
  covered: (page) => call(page, 'covered'),
  pale: (page) => call(page, 'pale'),
  menu: (page) => call(page, 'menu'),
  keyboard: (page) => walk(page),
  rings: (page) => call(page, 'rings'),
  spacing: (page) => during(page, 'spaced', true, false, ['sideways', 'crowded', 'covered', 'menu']),
  'forced colours': (page) => call(page, 'forced'),
  'right to left': (page) => call(page, 'arabic'),
  'latin in arabic': (page) => call(page, 'turned'),
};

// The windows, and who looks through them; a window is set once. From the second on long lists are thinned.
const LIGHT = { colorScheme: 'light', forcedColors: 'none' }, DARK = { colorScheme: 'dark', forcedColors: 'none' };
const FORCED = { colorScheme: 'light', forcedColors: 'active' };
const WINDOWS = [
  ['desk', DESK, LIGHT, ['structure', 'sideways', 'lists', 'labels', 'current', 'crowded']],
  ['desk', DESK, LIGHT, ['axe', 'pale', 'targets', 'spacing', 'keyboard']],
  ['desk, dark', DESK, DARK, ['colours', 'pale', 'rings']],
  ['400 %', ZOOMED, DARK, ['sideways', 'crowded']],
  ['320 px, dark', SMALL, DARK, ['colours of the frame']],
  ['320 px', SMALL, LIGHT, ['axe of the window', 'targets', 'sideways', 'lists', 'labels', 'current', 'crowded', 'covered', 'menu', 'spacing', 'keyboard']],
  ['320 px, forced colours', SMALL, FORCED, ['forced colours']],
  ['desk, forced dark colours', DESK, { ...FORCED, colorScheme: 'dark' }, ['forced colours']],
];
// A page that is built as others that were looked at: only its words are its own.
const ALIKE = [
  ['desk', DESK, LIGHT, ['axe']],
  ['desk, dark', DESK, DARK, ['colours']],
  ['320 px', SMALL, LIGHT, ['axe of the window', 'sideways', 'crowded']],
];
const ARABIC = [
  ['Arabic, desk', DESK, LIGHT, ['right to left', 'latin in arabic', 'sideways', 'lists', 'crowded']],
  ['Arabic, 320 px', SMALL, LIGHT, ['axe of words', 'targets', 'sideways', 'crowded', 'covered', 'menu']],
];

const stands = new WeakMap(); // page → how it was set last: each change is a page drawn anew

export async function look(page, size, media) {
  const last = stands.get(page) || {};
  stands.set(page, { size, media: JSON.stringify(media) });
  if (last.size !== size) await page.setViewportSize(size);
  if (last.media !== JSON.stringify(media)) await page.emulateMedia(media);
}

async function inspect(page, windows, record, least, clock) {
  await enter(page);
  for (const [n, [window, size, media, names]] of windows.entries()) {
    await look(page, size, media);
    if (n === 1) await call(page, 'thin');
    for (const name of names) {
      const begun = performance.now();
      record(`${name}, ${window}`, await judges[name](page, least, size.width));
      clock[name] = (clock[name] || 0) + performance.now() - begun;
    }
  }
  await look(page, DESK, LIGHT);
}

export const inspectEnglish = (page, record, clock) => inspect(page, WINDOWS, record, LEAST_RULES, clock);
export const inspectAlike = (page, record, clock) => inspect(page, ALIKE, record, LEAST_RULES, clock);
const ARABIC_AGAIN = ARABIC.map(([window, size, media, names]) => [window, size, media, names.filter((name) => name !== 'axe of words')]);
export const inspectArabic = (page, record, clock, again) => inspect(page, again ? ARABIC_AGAIN : ARABIC, record, LEAST_RULES, clock);
