// judge_breaches.mjs - each judge before a page that is deliberately bad, and all of them before one that is good.
import { DESK, SMALL, call, enter, judges, LEAST_RULES } from './judge_page.mjs';
import { linkProblems, requestProblems, titleProblems, tokenProblems, weightProblems } from './judge_rules.mjs';

const STYLE = `* { box-sizing: border-box } body { margin: 0; font: 16px/1.5 sans-serif; color: #111; background: #fff } a { color: #0a58a6 }
  .skip { position: absolute; top: -99px } .skip:focus { top: 0 } :focus-visible { outline: 3px solid #0a58a6; outline-offset: 2px } main:focus { outline: 0 }
  main, header { padding: 16px } nav { padding: 8px } nav a, .button { display: inline-block; padding: 10px 16px; min-height: 44px; font: inherit } label { display: block }
  input { height: 44px; width: 100%; font: inherit } td, th { padding: 4px 8px }`;
const page = (main, style = '', after = '') => `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Good</title><style>${STYLE}${style}</style></head><body><a class="skip" href="#main">Skip to main content</a>
  <header><nav aria-label="Main"><ul><li><a href="/home" aria-current="page">Home</a></li></ul></nav></header>
  <main id="main" tabindex="-1"><h1>Good</h1><p>Words with a <a href="/help">link</a> in a sentence.</p>${main}</main>${after}</body></html>`;
const GOOD = page(`<form method="post" action="/send"><label for="email">Email Address</label><input id="email" name="email" type="email" autocomplete="username">
  <button class="button" type="submit">Send</button></form><table><caption>Rows</caption><thead><tr><th scope="col">Name</th><th scope="col">State</th></tr></thead>
  <tbody><tr><th scope="row">One</th><td>Open</td></tr></tbody></table>`);
const LONG = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerk';

// [judge, window, what the page has wrong, the page, what must be said]
const BAD = [
  ['structure', DESK, 'two h1', page('<h1>Again</h1>'), '2 h1'],
  ['structure', DESK, 'no title', GOOD.replace('<title>Good</title>', ''), 'no title'],
  ['structure', DESK, 'a field without a label', page('<input name="x">'), 'no label'],
  ['structure', DESK, 'nowhere to go', GOOD.replace(/<nav.*<\/nav>/s, '').replace(/<a href="\/help">link<\/a>/, '').replace(/<button.*<\/button>/, ''), 'no next step'],
  ['structure', DESK, 'a fragment that is nowhere', page('<a href="#gone">There</a>'), 'leads nowhere'],
  ['structure', DESK, 'an error title alone', GOOD.replace('<title>', '<title>Error: '), 'do not go together'],
  ['axe', DESK, 'a picture without words', page('<img src="data:," width="9" height="9">'), 'axe image-alt'],
  ['axe', DESK, 'nothing', '<!doctype html><html lang="en"><title>Empty</title>', 'only'],
  ['colours', DESK, 'grey on white', page('<p class="g">Pale words</p>', '.g { color: #aaa }'), 'axe color-contrast'],
  ['targets', SMALL, 'a low button', page('<button type="button" class="l">Low</button>', '.l { height: 30px }'), 'only 30 px high'],
  ['targets', SMALL, 'two small links side by side', page('<div class="t"><a href="/a">a</a><a href="/b">b</a></div>', '.t a { display: inline-block; width: 14px }'), 'without room'],
  ['sideways', SMALL, 'a wide box', page('<div class="w">Wide</div>', '.w { width: 400px }'), 'scrolls sideways'],
  ['crowded', SMALL, 'words over words', page('<p>Below</p><p class="o">Above</p>', '.o { margin-top: -40px }'), 'overlaps'],
  ['crowded', SMALL, 'words over a field', page('<input aria-label="x" value="y"><p class="o">Above</p>', '.o { margin-top: -40px }'), 'overlaps'],
  ['crowded', SMALL, 'a word that sticks out of its button', page(`<button type="button" class="button n">${LONG}</button>`, '.n { width: 90px }'), 'sticks out'],
  ['spacing', SMALL, 'a box of one line', page('<div class="f">Some words that just fit here</div>', '.f { width: 15em; height: 1.5em; overflow: hidden }'), 'cut off'],
  ['spacing', SMALL, 'a line that just fits', page('<div class="f">Some words that just fit on one line</div>', '.f { white-space: nowrap }'), 'scrolls sideways'],
  ['covered', SMALL, 'a bar over the end', page('<div class="h">High</div><p>The end</p>', '.b { position: fixed; bottom: 0; left: 0; right: 0; height: 90px; background: #eee } .h { height: 900px }',
    '<nav class="b" aria-label="Bar"><a href="/x">Bar</a></nav>'), 'the bar covers'],
  ['menu', SMALL, 'a menu that opens below the window', page('', '.m { position: fixed; bottom: 0; left: 0 } .m ul { position: absolute; top: 100% }',
    '<nav class="m" aria-label="More"><details><summary>More</summary><ul><li><a href="/a">Settings</a></li></ul></details></nav>'), 'outside the window'],
  ['right to left', SMALL, 'room on the left side only', page('<div class="r">Words</div>', '.r { width: 280px; margin-left: -16px; } [dir=rtl] .r { margin-right: 60px }'), 'scrolls sideways'],
  ['keyboard', DESK, 'no ring', page('<a class="q" href="/q">Quiet</a>', '.q:focus-visible { outline: 0 }'), 'the focus is not shown'],
  ['keyboard', DESK, 'a pale ring', page('<a class="q" href="/q">Pale</a>', '.q:focus-visible { outline-color: #ccc }'), 'has a contrast of'],
  ['keyboard', DESK, 'an order of its own', page('<a href="/1">One</a> <a href="/2" tabindex="1">Two</a>'), 'does not reach'],
  ['keyboard', DESK, 'a script with an order of its own', page(`<a id="a" href="/1">One</a> <a id="b" href="/2">Two</a> <a id="c" href="/3">Three</a>
    <script>for (const [from, to] of ['ac', 'cb']) window[from].onkeydown = (e) => { e.preventDefault(); window[to].focus(); };</script>`), 'leaves the order'],
  ['keyboard', DESK, 'a trap', page('<button type="button" id="trap" class="button">Trap</button><a href="/2">Two</a><script>document.getElementById("trap").onkeydown = (e) => e.preventDefault()</script>'), 'does not reach'],
  ['keyboard', DESK, 'no skip link', GOOD.replace(/<a class="skip".*?<\/a>/, ''), 'not the skip link'],
  ['keyboard', DESK, 'a skip link that leads astray', GOOD.replace('id="main"', 'id="mean"'), 'the skip link leads to'],
  ['keyboard', SMALL, 'a bar over the focus', page('<div class="h"></div><a href="/x">Below</a><div class="h"></div>', '.h { height: 1000px } .b { position: fixed; bottom: 0; left: 0; right: 0; height: 500px; background: #eee }'
    + '.t { position: fixed; top: 0; left: 0; right: 0; height: 340px; background: #eee }', '<div class="b">Bar</div><div class="t">Top</div>'), 'the focus is obscured'],
];

const ROUTES = [['home', 'GET', '/home'], ['send', 'POST', '/things/{id}']];
const answers = { '/home': { status: 200 }, '/gone': { status: 404 }, '/moved': { status: 303, headers: { location: '/gone' } } };
Object.assign(answers, { '/here': { status: 200 }, '/here?lang=xx': { status: 404 }, '/refused': { status: 403 }, '/refused?lang=de': { status: 403 } });
const links = (hrefs, forms = [], here = '/') => linkProblems(`http://here.example${here}`, hrefs, forms, ROUTES, async (path) => answers[path]);

// record(name, problems) is told of each judge that lets its bad page pass.
export async function breaches(browser, record) {
  const context = await browser.newContext({ reducedMotion: 'reduce' });
  const at = await context.newPage();
  let body = '';
  await at.route('**/*', (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body }));
  const show = async (html, size) => {
    body = html;
    await at.setViewportSize(size);
    await at.goto('http://made.example/');
    await enter(at);
  };
  for (const size of [DESK, SMALL])
    for (const name of Object.keys(judges)) {
      await show(GOOD, size);
      record(`a good page passes: ${name}, ${size.width} px`, await judges[name](at, 15, size.width));
    }
  for (const [name, size, what, html, said] of BAD) {
    await show(html, size);
    const problems = await judges[name](at, LEAST_RULES, size.width);
    record(`${name} notices ${what}`, problems.some((p) => p.includes(said)) ? [] : [`it said: ${problems}`]);
  }
  for (const name of Object.keys(judges)) record(`${name} has a bad page`, BAD.some(([judge]) => judge === name) ? [] : ['none']);

  const noticed = (what, problems, said) => record(`${what} is noticed`, problems.some((p) => p.includes(said)) ? [] : [`it said: ${problems}`]);
  const field = (name, token, action, type = 'text') => [{ name, type, token, action }];
  noticed('a wrong token', tokenProblems(field('first_name', 'name', '/register')), 'not given-name');
  noticed('a missing token', tokenProblems(field('email', null, '/sign-in')), 'not username');
  noticed('an administrator whose own data is filled in', tokenProblems(field('email', 'email', '/team/invitations')), 'not off');
  noticed('a new password where the old one is asked', tokenProblems(field('password', 'new-password', '/sign-in', 'password')), 'not current-password');
  record('good tokens pass', tokenProblems([...field('email', 'username', '/sign-in'), ...field('email', 'off', '/industry/invitations'), ...field('street', 'shipping address-line1', '/company/delivery-new'),
    ...field('text', null, '/vendors/x/messages')]));
  noticed('a broken link', await links(['/gone']), '404');
  noticed('a language that the page does not have', await links(['?lang=xx'], [], '/here'), '404');
  record('a refusal in another language passes', await links(['?lang=de'], [], '/refused'));
  noticed('a link that is led on to nothing', await links(['/moved']), '404');
  noticed('a link of no use', await links(['tel:1']), 'no use');
  noticed('a form that nobody takes', await links([], [{ method: 'post', action: '/home' }]), 'no route');
  record('good links pass', await links(['/home', '#main', 'mailto:a@b.example', 'https://elsewhere.example/'], [{ method: 'post', action: '/things/7' }]));
  noticed('two pages with one title', titleProblems([{ route: 'a', who: 'owner', title: 'T' }, { route: 'b', who: 'owner', title: 'T' }]), 'one title');
  record('one title for two people passes', titleProblems([{ route: 'a', who: 'owner', title: 'T' }, { route: 'b', who: 'admin', title: 'T' }]));
  noticed('a fifth request', requestProblems(['a', 'b', 'c', 'd', 'e']), '5 requests');
  noticed('a heavy page', weightProblems(14 * 1024 + 1), 'octets');
  await show(page('<form method="get" action="/find"><label for="q">Find</label><input id="q" name="q" autocomplete="off"></form>'), DESK);
  const found = [await call(at, 'links'), await call(at, 'fields'), await call(at, 'forms')];
  record('links, fields and forms are found', JSON.stringify(found[0]) === '["#main","/home","/help"]' && found[1][0].name === 'q' && found[1][0].token === 'off' && found[2].length === 1 ? [] : [JSON.stringify(found)]);
  await context.close();
}
