// judges.mjs - every page for everybody: before axe by day, by night and on a phone, with its links and title. Of pages that are built alike one is
// before all other judges too.
import { holdStill, launch, machine, results } from './visitor.mjs';
import { breaches } from './judge_breaches.mjs';
import { journeys } from './judge_journey.mjs';
import { DESK, call, enter, inspectAlike, inspectArabic, inspectEnglish } from './judge_page.mjs';
import { hrefsOf, linkProblems, requestProblems, titleOf, titleProblems, tokenProblems, weightProblems } from './judge_rules.mjs';
import { ask, halves, lasting } from './judge_wire.mjs';

const WORKERS = 4; // half of the time a page waits for a frame
// Routes that have no page of their own: files, pictures, what only leads on.
const NO_PAGE = ['health', 'ready', 'root', 'logo', 'brand', 'link_never', 'invitations_export', 'customers_export', 'suppliers_export', 'company_export', 'shared_file', 'vendor_file'];
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

// The pages to judge: of those that are word for word the same the first; before all judges, where the frame or what stands in it is built
// as no page before. And which routes had one. Refusals are judged once, under their own names.
async function plan() {
  const same = new Set(), alike = new Set(), chosen = [], routes = new Set();
  for (const [route, who, path] of machine.pages) {
    const a = await answer(who, path), refusal = ['missing', 'forbidden'].includes(route);
    if (!/^text\/html/.test(a.headers['content-type']) || !(refusal ? [403, 404] : [200, 410, 422]).includes(a.status)) continue;
    routes.add(route);
    const words = lasting(a.body), built = halves(a.body);
    if (same.has(words)) continue;
    chosen.push({ route, who, path, body: a.body, seen: built.some((half) => !alike.has(half)) });
    same.add(words);
    built.forEach((half) => alike.add(half));
  }
  return { chosen, routes };
}

// One window for many pages: whose it is, its cookies say, and in which language.
class Seat {
  static async take(browser) {
    const seat = new Seat();
    seat.context = await browser.newContext({ viewport: DESK, reducedMotion: 'reduce', locale: 'en-GB' });
    seat.context.setDefaultTimeout(60000);
    await holdStill(seat.context);
    seat.page = await seat.context.newPage();
    seat.page.on('request', (request) => seat.requests.push(request.url().replace(machine.portal, '').split('#')[0]));
    return seat;
  }

  async go(who, path, language) {
    await this.context.clearCookies();
    await this.context.addCookies(Object.entries({ ...machine.people[who], ...language && { lang: language } }).map(([name, value]) => ({ name, value, url: machine.portal })));
    this.requests = [];
    await this.page.goto(machine.portal + path);
  }
}

// What it brings along, links, tokens; then everything that is seen.
async function judgeAll(page, where, who, requests) {
  const hrefs = await call(page, 'links'), fields = await call(page, 'fields'), forms = await call(page, 'forms');
  const came = await Promise.all(requests.map((url) => answer(who, url)));
  const octets = came.reduce((sum, a, n) => sum + (n ? a.content : a.octets), 0); // a vendor's logo too: the town's are small
  heavy.push([octets, where]);
  record(where, 'weight', weightProblems(octets));
  record(where, 'requests', requestProblems(requests));
  record(where, 'tokens', tokenProblems(fields));
  record(where, 'links', await linkProblems(page.url(), hrefs, forms, machine.routes, (path) => answer(who, path)));
  await inspectEnglish(page, (judge, problems) => record(where, judge, problems), clock);
  return forms;
}

// Axe where the route's words come for the first time: what it asks of another language, no second person's page answers otherwise.
const spoken = new Set();
function judgeArabic(page, where, what) {
  const again = spoken.has(what);
  spoken.add(what);
  return inspectArabic(page, (judge, problems) => record(where, judge, problems), clock, again);
}

const kinds = new Set(), later = []; // forms that somebody may send empty

async function judgePage(seat, { route, who, path, body, seen }) {
  const where = `${route} (${who})`;
  titles.push({ route, who, title: titleOf(body) });
  await seat.go(who, path);
  await enter(seat.page);
  if (!seen) {
    record(where, 'links', await linkProblems(machine.portal + path, hrefsOf(body), [], machine.routes, (to) => answer(who, to)));
    return inspectAlike(seat.page, (judge, problems) => record(where, judge, problems), clock);
  }
  for (const form of await judgeAll(seat.page, where, who, [...new Set(seat.requests)])) {
    const kind = form.action.replace(/[\w-]{32,}/g, '*');
    if (form.method !== 'post' || !form.asks || MAY_BE_EMPTY.test(form.action) || kinds.has(kind)) continue;
    kinds.add(kind);
    later.push({ who, path, form, where: `${kind} sent empty (${who})` });
  }
  await seat.go(who, path, 'ar');
  await judgeArabic(seat.page, where, route);
}

// The page that comes when somebody fills in nothing.
async function judgeRefusal(seat, { who, path, form, where }) {
  for (const language of [undefined, 'ar']) {
    await seat.go(who, path, language);
    await enter(seat.page);
    const [refused] = await Promise.all([seat.page.waitForNavigation(), call(seat.page, 'sendEmpty', form.i)]);
    record(where, 'answer', refused.status() === 422 ? [] : [`${refused.status()} instead of 422`]);
    if (refused.status() !== 422) return;
    await enter(seat.page);
    if (language) await judgeArabic(seat.page, where, where);
    else await judgeAll(seat.page, where, who, []);
  }
}

// Several seats, each for one after the other; a seat where something broke is left.
async function everyOne(browser, queue, task) {
  await Promise.all(Array.from({ length: WORKERS }, async () => {
    let seat = await Seat.take(browser);
    for (let next = queue.shift(); next; next = queue.shift()) {
      try {
        await task(seat, next);
      } catch (error) {
        record(next.where || `${next.route} (${next.who})`, 'the judge itself', [error.message]);
        await seat.context.close();
        seat = await Seat.take(browser);
      }
    }
    await seat.context.close();
  }));
}

const browser = await launch(), begun = Date.now(), words = machine.words;
const { chosen, routes } = await plan();
const wanted = chosen.filter((c) => !words.length || words.some((w) => `${c.route} (${c.who})`.includes(w)));
const pages = wanted.filter((c) => c.seen).length;
if (!words.length || words.includes('breaches')) await breaches(browser, (name, problems) => record('a page made for the test', name, problems || []));
const journey = !words.length || words.includes('journey') ? await journeys(browser, (name, problems) => record('the main journey', name, problems)) : '';
await everyOne(browser, [...wanted], judgePage);
const forms = later.length;
await everyOne(browser, later, judgeRefusal);
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
console.log(`${machine.pages.length} addresses, ${wanted.length} pages, ${pages} of them before all judges, ${forms} forms, ${Math.round((Date.now() - begun) / 1000)} s`);
console.log(`judges: ${results.passed} passed, ${results.failed} failed`);
process.exitCode = results.failed || !results.passed ? 1 : 0;
