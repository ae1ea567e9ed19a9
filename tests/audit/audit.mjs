// audit.mjs - Lighthouse over each page, on a phone and on a desk: a line with its three scores, and what cost them. Before that, a page that is
// deliberately bad, which must be refused in all three.
import http from 'node:http';
import lighthouse, { desktopConfig } from 'lighthouse';
import puppeteer from 'puppeteer-core';
import { CATEGORIES, better, costs, line, perfect, scores } from './verdict.mjs';

const { portal, pages, words } = JSON.parse(process.env.INVITED_AUDIT);
const TIMES = 5; // at most: what the machine was busy with is not the page's fault
const WINDOWS = [['phone', undefined], ['desk', desktopConfig]]; // a slow phone on slow 4G; a desk
const count = { passed: 0, failed: 0 };

// With everything that Lighthouse dislikes most: words that are hard to read, a picture without words, a late script that blocks, an error.
const BAD = `<html><head><script src="/slow.js"></script></head><body style="background:#fff;color:#ddd"><img src="/gone.png"><input>
  <div style="font-size:200%">Pale words without a language, a title, or a place to go</div><script>missing();</script></body></html>`;

function badServer() {
  const server = http.createServer((request, answer) => {
    const script = request.url === '/slow.js';
    answer.writeHead(script || request.url === '/' ? 200 : 404, { 'content-type': script ? 'text/javascript' : 'text/html; charset=utf-8' });
    const body = script ? 'for (const begun = performance.now(); performance.now() - begun < 1500;);' : BAD;
    setTimeout(() => answer.end(body), script ? 3000 : 0);
  });
  return new Promise((done) => { server.listen(0, '127.0.0.1', () => done(server)); });
}

const FLAGS = { logLevel: 'silent', onlyCategories: CATEGORIES, disableFullPageScreenshot: true, disableStorageReset: true };

// In a window of its own, where nothing but the person's cookies is kept.
async function look(url, cookies, config) {
  const context = await browser.createBrowserContext();
  try {
    const { hostname } = new URL(url), page = await context.newPage();
    await context.setCookie(...Object.entries(cookies).map(([name, value]) => ({ name, value, domain: hostname, path: '/', httpOnly: true })));
    const { lhr, artifacts } = await lighthouse(url, FLAGS, config, page);
    if (lhr.runtimeError) throw new Error(`${url}: ${lhr.runtimeError.message}`);
    if (lhr.finalDisplayedUrl !== url) throw new Error(`${url} led to ${lhr.finalDisplayedUrl}`);
    return { lhr, html: artifacts.MainDocumentContent };
  } finally {
    await context.close();
  }
}

function tell(good, said) {
  count[good ? 'passed' : 'failed']++;
  console.log(said);
}

async function audit([name, path, cookies, h1], [window, config]) {
  let best, failure;
  for (let n = 0; n < TIMES && !(best && perfect(scores(best.lhr))); n++)
    best = better(best, await look(portal + path, cookies, config).catch((error) => { failure = error; }));
  if (!best) return tell(false, `FAILED ${name}, ${window}: ${failure.message}`);
  if (!best.html.includes(h1)) return tell(false, `FAILED ${name}: this is not the page of “${h1}”`);
  tell(perfect(scores(best.lhr)), line(name, window, scores(best.lhr)));
  for (const cost of costs(best.lhr)) console.log(`    ${cost}`);
}

const browser = await puppeteer.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', headless: true,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-dev-shm-usage'] });
const server = await badServer();
try {
  const { lhr } = await look(`http://127.0.0.1:${server.address().port}/`, {}, undefined), bad = scores(lhr);
  const blind = CATEGORIES.filter((c) => bad[c] >= 100 || !costs(lhr).some((cost) => cost.startsWith(c)));
  tell(!blind.length, line('a bad page', blind.length ? `passes: ${blind.join(', ')}` : 'refused', bad));
  for (const page of pages)
    for (const window of WINDOWS)
      if (!words.length || words.some((w) => page[0].includes(w) || window[0].includes(w))) await audit(page, window);
} catch (error) {
  tell(false, `FAILED ${error.message}`);
} finally {
  server.close();
  await browser.close();
}
console.log(`audit: ${count.passed} passed, ${count.failed} failed`);
process.exitCode = count.failed || !count.passed ? 1 : 0;
