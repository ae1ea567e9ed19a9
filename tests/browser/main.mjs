// main.mjs - runs every case, two at a time, and counts. The last one ends the program, so it comes alone.
import { launch, machine, record, results } from './visitor.mjs';
import { cases } from './steps.mjs';
import './stories.mjs';
import { last } from './refusals.mjs';
import './scripts.mjs';
import './frames.mjs';

const browser = await launch();

async function run([name, story]) {
  if (machine.words.length && !machine.words.some((w) => name.includes(w))) return;
  const visitors = [], begun = Date.now();
  try {
    await story(browser, visitors);
    record(name, []);
  } catch (error) {
    record(name, [error.message, ...(error.stack.match(/(?:stories|refusals|scripts|steps)\.mjs:\d+/g) || [])]);
  }
  for (const visitor of visitors) await visitor.leave().catch((error) => record(visitor.name, [error.message]));
  if (process.env.V) console.log(`${name} ${Date.now() - begun} ms`);
}

const queue = [...cases];
await Promise.all([1, 2].map(async () => {
  for (let next = queue.shift(); next; next = queue.shift()) await run(next);
}));
await run(last);
await browser.close();
console.log(`browser: ${results.passed} passed, ${results.failed} failed`);
process.exitCode = results.failed || !results.passed ? 1 : 0;
