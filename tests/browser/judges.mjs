// judges.mjs - every page for everybody, before all judges. A page that several people get word for word is judged once.
import { holdStill, launch, machine, results } from './visitor.mjs';
import { breaches } from './judge_breaches.mjs';
import { journeys } from './judge_journey.mjs';
import { DESK, call, enter, inspect } from './judge_page.mjs';
import { linkProblems, requestProblems, titleProblems, tokenProblems, weightProblems } from './judge_rules.mjs';
import { ask, lasting } from './judge_wire.mjs';

const WORKERS = 3;
// Routes that have no page of their own: files, pictures, what only leads on.
const NO_PAGE = ['health', 'ready', 'root', 'logo', 'brand', 'link_never', 'invitations_export', 'customers_export', 'suppliers_export', 'shared_file', 'vendor_file'];
// Forms in which nothing is an answer too: they would change what others look at.
const MAY_BE_EMPTY = /^\/(account|company|connect|customers\/[^/]+(\/pause)?|suppliers\/[^/]+(\/pause)?|industry\/invitations\/[^/]+\/change)$/;
const clock = {}, heavy = [], titles = [];
const broken = new Map(); // a problem → the pages that have it

function record(where, judge, problems) {
  results[problems.length ? 'failed' : 'passed']++;
  for (const p of problems) broken.set(`${judge}: ${p}`, [...(broken.get(`${judge}: ${p}`) || []), where]);
}

// What everything that is asked of the portal answers, asked once per person and path.
const answers = new Map();
function answer(who, path) {
  const key = `${who} ${path}`;
  if (!answers.has(key)) answers.set(key, ask(path, who));
  return answers.get(key);
}

// The pages to judge, of those alike the first; and which routes had one. Refusals are judged once, under their own names.
async function plan() {
  const alike = new Set(), chosen = [], routes = new Set();
  for (const [route, who, path] of machine.pages) {
    const a = await answer(who, path), refusal = ['missing', 'forbidden'].includes(route);
    if (!/^text\/html/.test(a.headers['content-type']) || !(refusal ? [403, 404] : [200, 410, 422]).includes(a.status)) continue;
    routes.add(route);
    const key = lasting(a.body);
    if (alike.has(key)) continue;
    alike.add(key);
    chosen.push({ route, who, path });
  }
  return { chosen, routes };
}

async function come(browser, who) {
  const context = await browser.newContext({ viewport: DESK, reducedMotion: 'reduce', locale: 'en-GB' });
  context.setDefaultTimeout(60000);
  await holdStill(context);
  await context.addCookies(Object.entries(machine.people[who]).map(([name, value]) => ({ name, value, url: machine.portal })));
  return { context, page: await context.newPage() };
}

// What it brings along, links, tokens; then everything that is seen.
async function judgeAll(page, where, who, requests) {
  const came = await Promise.all(requests.map((url) => answer(who, url)));
  const octets = came.reduce((sum, a, n) => sum + (n ? a.content : a.octets), 0); // a vendor's logo too: the town's are small
  heavy.push([octets, where]);
  record(where, 'weight', weightProblems(octets));
  await inspect(page, (judge, problems) => record(where, judge, problems), undefined, clock);
  record(where, 'requests', requestProblems(requests));
  record(where, 'tokens', tokenProblems(await call(page, 'fields')));
  const hrefs = await call(page, 'links'), forms = await call(page, 'forms');
  record(where, 'links', await linkProblems(page.url(), hrefs, forms, machine.routes, (path) => answer(who, path)));
  return forms;
}

const kinds = new Set(), later = []; // forms that somebody may send empty

async function judgePage(browser, { route, who, path }) {
  const { context, page } = await come(browser, who), where = `${route} (${who})`, requests = [];
  page.on('request', (request) => requests.push(request.url().replace(machine.portal, '').split('#')[0]));
  try {
    await page.goto(machine.portal + path);
    titles.push({ route, who, title: await page.title() });
    for (const form of await judgeAll(page, where, who, [...new Set(requests)])) {
      const kind = form.action.replace(/[\w-]{32,}/g, '*');
      if (form.method !== 'post' || !form.asks || MAY_BE_EMPTY.test(form.action) || kinds.has(kind)) continue;
      kinds.add(kind);
      later.push({ who, path, form, where: `${kind} sent empty (${who})` });
    }
  } catch (error) {
    record(where, 'the judge itself', [error.message]);
  }
  await context.close();
}

// The page that comes when somebody fills in nothing.
async function judgeRefusal(browser, { who, path, form, where }) {
  const { context, page } = await come(browser, who);
  try {
    await page.goto(machine.portal + path);
    await enter(page);
    const [refused] = await Promise.all([page.waitForNavigation(), call(page, 'sendEmpty', form.i)]);
    record(where, 'answer', refused.status() === 422 ? [] : [`${refused.status()} instead of 422`]);
    if (refused.status() === 422) await judgeAll(page, where, who, []);
  } catch (error) {
    record(where, 'the judge itself', [error.message]);
  } finally {
    await context.close();
  }
}

async function everyOne(queue, task) {
  await Promise.all(Array.from({ length: WORKERS }, async () => {
    for (let next = queue.shift(); next; next = queue.shift()) await task(next);
  }));
}

const browser = await launch(), begun = Date.now(), words = machine.words;
const { chosen, routes } = await plan();
const wanted = chosen.filter((c) => !words.length || words.some((w) => `${c.route} (${c.who})`.includes(w)));
const pages = wanted.length;
if (!words.length || words.includes('breaches')) await breaches(browser, (name, problems) => record('a page made for the test', name, problems || []));
const journey = !words.length || words.includes('journey') ? await journeys(browser, (name, problems) => record('the main journey', name, problems)) : '';
await everyOne(wanted, (one) => judgePage(browser, one));
const forms = later.length;
await everyOne(later, (one) => judgeRefusal(browser, one));
await browser.close();
if (!words.length) {
  const gets = machine.routes.filter(([, method]) => method === 'GET').map(([name]) => name);
  record('all', 'every route has a page or is known to have none', gets.filter((name) => routes.has(name) === NO_PAGE.includes(name)));
  record('all', 'titles', titleProblems(titles));
}
for (const [said, where] of broken) console.log(`FAILED ${said}\n    ${where.length} times: ${where.slice(0, 3).join(', ')}`);
heavy.sort((a, b) => b[0] - a[0]);
console.log(`the heaviest pages, octets with everything in them: ${heavy.slice(0, 8).map(([n, where]) => `${where} ${n}`).join(', ')}`);
if (journey) console.log(journey);
if (process.env.V) console.log(Object.entries(clock).map(([n, ms]) => `${n} ${Math.round(ms)}`).join(', '));
console.log(`${machine.pages.length} addresses, ${pages} pages, ${forms} forms, ${Math.round((Date.now() - begun) / 1000)} s`);
console.log(`judges: ${results.passed} passed, ${results.failed} failed`);
process.exitCode = results.failed || !results.passed ? 1 : 0;
