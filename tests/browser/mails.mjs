// mails.mjs FOLDER - the HTML parts of mails as a phone of 320 px shows them, by day and by night: nothing sideways, a button of at least 44 px,
// and axe, which must have found at least ten rules to apply. Prints a JSON list of complaints.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { launch } from './visitor.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
// A mail is a part of the page that shows it.
const rules = { 'landmark-one-main': { enabled: false }, region: { enabled: false } };
const folder = process.argv[2];
const said = [];
const browser = await launch();
for (const scheme of ['light', 'dark']) {
  const context = await browser.newContext({ viewport: { width: 320, height: 640 }, colorScheme: scheme, bypassCSP: true });
  const page = await context.newPage();
  for (const file of readdirSync(folder).filter((f) => f.endsWith('.html')).sort()) {
    await page.setContent(readFileSync(path.join(folder, file), 'utf8'));
    await page.evaluate(AXE);
    const found = await page.evaluate(async (r) => {
      const { violations, passes } = await window.axe.run(document, { resultTypes: ['violations'], preload: false, rules: r });
      const button = document.querySelector('.button a')?.getBoundingClientRect();
      return { axe: violations.flatMap((v) => v.nodes.map((n) => `axe ${v.id}: ${n.html}`)), rules: passes.length, width: document.documentElement.scrollWidth, button: button?.height ?? 0 };
    }, rules);
    const tell = (words) => said.push(`${file}: ${scheme}: ${words}`);
    found.axe.forEach(tell);
    if (found.rules < 10) tell(`axe: only ${found.rules} rules had something to look at`);
    if (found.width > 320) tell(`${found.width} px wide`);
    if (found.button < 44) tell(`a button of ${found.button} px`);
  }
  await context.close();
}
await browser.close();
console.log(JSON.stringify(said));
