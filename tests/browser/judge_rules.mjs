// judge_rules.mjs - what is judged outside a page: autocomplete tokens, links, titles, weight. Pure but for `answer(path)`.

export const MOST_REQUESTS = 4, MOST_OCTETS = 14 * 1024;

// ---- autocomplete: what a browser may fill in ----

// The person's own data, wherever they type it themselves; a password is the one they have only where they sign in, or say again who they are.
const OWN = { email: 'username', first_name: 'given-name', last_name: 'family-name', business_name: 'organization', phone: 'tel', street: 'address-line1',
  postal_code: 'postal-code', city: 'address-level2', country: 'country-name' };
const SIGNS_IN = /^\/(sign-in$|settings\/delete$|verify\/|i\/[^/]+\/sign-in$|join\/[^/]+\/sign-in$)/;
// Forms in which somebody types another person's data, or what they look for.
const OTHERS = /^\/(industry|customers|suppliers|add|link|team|shared|admission)(\/|$)/;
const SHIPPING = /^\/company\/delivery/;

export function token({ name, action }) {
  if (OTHERS.test(action)) return 'off';
  if (name === 'password') return SIGNS_IN.test(action) ? 'current-password' : 'new-password';
  if (action === '/settings' && name === 'name') return 'organization';
  const own = OWN[name] || 'off';
  return SHIPPING.test(action) && own.startsWith('address') | own.startsWith('postal') | own.startsWith('country') ? `shipping ${own}` : own;
}

export function tokenProblems(fields) {
  return fields.filter((f) => !['radio', 'checkbox', 'file', 'submit'].includes(f.type)).flatMap((f) => {
    const wanted = token(f), free = wanted === 'off' && !(f.name in OWN) && f.token === null; // free text that no browser knows
    return f.token === wanted || free ? [] : [`autocomplete of ${f.name} in the form to ${f.action.replace(/[\w-]{32,}/g, '…')} is ${f.token}, not ${wanted}`];
  });
}

// ---- links ----

const fits = (pattern, path) => new RegExp(`^${pattern.replace(/\{[^}]*\}/g, '[^/]+')}$`).test(path);

// Every address that a page leads to answers, the page itself in another language as it did; every form is sent to a route that takes it.
export async function linkProblems(here, hrefs, forms, routes, answer) {
  const problems = [], at = new URL(here);
  for (const href of hrefs) {
    const url = new URL(href, here);
    if (url.protocol === 'mailto:' ? !url.pathname.includes('@') : url.protocol !== 'http:' && url.protocol !== 'https:') problems.push(`a link of no use: ${href}`);
    if (url.origin !== at.origin || href.startsWith('#')) continue;
    let { status, headers } = await answer(url.pathname + url.search);
    if (status === 303) ({ status } = await answer(headers.location));
    const again = url.pathname === at.pathname && status === (await answer(at.pathname + at.search)).status; // a refusal in another language
    if (status !== 200 && status !== 303 && !again) problems.push(`${href.replace(/[\w-]{32,}/g, '…')} answers ${status}`);
  }
  for (const f of forms)
    if (!routes.some(([, method, path]) => method === f.method.toUpperCase() && fits(path, f.action))) problems.push(`no route takes the form to ${f.action}`);
  return problems;
}

// ---- a page that nobody looks at: its links and its title ----

const plain = (text) => text.replace(/&(amp|quot|lt|gt|#39);/g, (all, name) => ({ amp: '&', quot: '"', lt: '<', gt: '>', '#39': "'" }[name])).trim();
export const hrefsOf = (html) => [...new Set([...html.matchAll(/<a [^>]*?href="([^"]*)"/g)].map(([, href]) => plain(href)))];
export const titleOf = (html) => plain(html.match(/<title>([^<]*)<\/title>/)[1]).replace(/\s+/g, ' ');

// ---- titles ----

// Routes whose answers are one and the same page.
const ONE_PAGE = [new Set(['join', 'link', 'link_admission', 'link_decline_show']), new Set(['verify', 'verify_link']), new Set(['home', 'home_request']),
  new Set(['link_customer_withdraw', 'link_supplier_withdraw']), new Set(['add_customer_check', 'add_customer_data']), new Set(['add_supplier_check', 'add_supplier_data'])];

// pages: [{ route, who, title }]. Two routes of one person never have one title.
export function titleProblems(pages) {
  const first = new Map(), problems = [];
  for (const { route, who, title } of pages) {
    const before = first.get(`${who} ${title}`);
    if (before && before !== route && !ONE_PAGE.some((s) => s.has(before) && s.has(route))) problems.push(`${before} and ${route} (${who}) have one title: ${title}`);
    else if (!before) first.set(`${who} ${title}`, route);
  }
  return problems;
}

// ---- weight ----

export const requestProblems = (requests) => (requests.length > MOST_REQUESTS ? [`${requests.length} requests: ${requests.join(' ')}`] : []);
export const weightProblems = (octets) => (octets > MOST_OCTETS ? [`${octets} octets, at most ${MOST_OCTETS}`] : []);
