// judge_breaches.mjs - each judge before a page that is deliberately bad, and all of them before one that is good.
import { DESK, SMALL, call, enter, judges, look, LEAST_RULES } from './judge_page.mjs';
import { halves, skeleton } from './judge_wire.mjs';
import { hrefsOf, linkProblems, requestProblems, titleOf, titleProblems, tokenProblems, weightProblems } from './judge_rules.mjs';

const STYLE = `* { box-sizing: border-box } body { margin: 0; font: 16px/1.5 sans-serif; color: #111; background: #fff } a { color: #0a58a6 }
  .skip { position: absolute; top: -99px } .skip:focus { top: 0 } :focus-visible { outline: 3px solid #0a58a6; outline-offset: 2px } main:focus { outline: 0 }
  main, header { padding: 16px } nav { padding: 8px } nav a, .button { display: inline-block; padding: 10px 16px; min-height: 44px; font: inherit } label { display: block }
  input { height: 44px; width: 100%; font: inherit; unicode-bidi: plaintext } td, th { padding: 4px 8px }`;
const page = (main, style = '', after = '') => `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Good</title><style>${STYLE}${style}</style></head><body><a class="skip" href="#main">Skip to main content</a>
  <header><nav aria-label="Main"><ul><li><a href="/home" aria-current="page">Home</a></li></ul></nav></header>
  <main id="main" tabindex="-1"><h1>Good</h1><p>Words with a <a href="/help">link</a> in a sentence.</p>${main}</main>${after}</body></html>`;
const GOOD = page(`<form method="post" action="/send"><label for="email">Email Address</label><input id="email" name="email" type="email" autocomplete="username">
  <button class="button" type="submit">Send</button></form><table><caption>Rows</caption><thead><tr><th scope="col">Name</th><th scope="col">State</th></tr></thead>
  <tbody><tr><th scope="row">One</th><td>Open</td></tr></tbody></table>`);
const ARABIC = GOOD.replace('<html lang="en">', '<html lang="ar" dir="rtl">');
const LABELLED = page('<div class="list"><table><caption>Rows</caption><thead><tr><th scope="col">Sent</th></tr></thead><tbody><tr><td><span class="label">Sent: </span>Today</td></tr></tbody></table></div>', ' ');
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
  ['pale', DESK, 'grey words that others let pass', page('<p class="g">Pale words</p>', '.g { color: #6b6b6b }'), 'pale, 5.'],
  ['crowded', DESK, 'small print', page('<p class="p">Small print</p>', '.p { font-size: 13px }'), 'too small to read'],
  ['targets', DESK, 'a low button on a desk', page('<button type="button" class="l">Low</button>', '.l { height: 40px }'), 'only 40 px high'],
  ['targets', DESK, 'a button in a row that is lower still', page('<table><caption>R</caption><tr><td><button type="button" class="l">Low</button></td></tr></table>', '.l { height: 30px }'), 'only 30 px high'],
  ['targets', SMALL, 'a low button', page('<button type="button" class="l">Low</button>', '.l { height: 30px }'), 'only 30 px high'],
  ['targets', SMALL, 'two small links side by side', page('<div class="t"><a href="/a">a</a><a href="/b">b</a></div>', '.t a { display: inline-block; width: 14px }'), 'without room'],
  ['sideways', SMALL, 'a wide box', page('<div class="w">Wide</div>', '.w { width: 400px }'), 'scrolls sideways'],
  ['lists', DESK, 'a list with a row that lies beyond its edge', page('<div class="list"><table><caption>Rows</caption><tr><td class="w">One</td><td>Remove</td></tr></table></div>', '.list { overflow-x: auto } .w { min-width: 1300px }'), 'a list is wider than its place'],
  ['labels', SMALL, 'a card without labels', LABELLED.replace('</style>', 'thead { position: absolute; clip-path: inset(50%) } .label { display: none }</style>'), 'not said'],
  ['labels', DESK, 'a cell with the words of its head', LABELLED, 'said twice'],
  ['current', DESK, 'a place that a colour alone marks', page('', 'nav [aria-current] { color: #16202c; background: #e0eefc }', '<nav aria-label="More"><ul><li><a href="/a" aria-current="page">A</a></li><li><a href="/b">B</a></li></ul></nav>'),
    'looks like what stands beside it'],
  ['crowded', SMALL, 'words over words', page('<p>Below</p><p class="o">Above</p>', '.o { margin-top: -40px }'), 'overlaps'],
  ['crowded', SMALL, 'words over a field', page('<input aria-label="x" value="y"><p class="o">Above</p>', '.o { margin-top: -40px }'), 'overlaps'],
  ['crowded', SMALL, 'a word that sticks out of its button', page(`<button type="button" class="button n">${LONG}</button>`, '.n { width: 90px }'), 'sticks out'],
  ['spacing', SMALL, 'a box of one line', page('<div class="f">Some words that just fit here</div>', '.f { width: 15em; height: 1.5em; overflow: hidden }'), 'cut off'],
  ['spacing', SMALL, 'a line that just fits', page('<div class="f">Some words that just fit on one line</div>', '.f { white-space: nowrap }'), 'scrolls sideways'],
  ['covered', SMALL, 'a bar over the end', page('<div class="h">High</div><p>The end</p>', '.b { position: fixed; bottom: 0; left: 0; right: 0; height: 90px; background: #eee } .h { height: 900px }',
    '<nav class="b" aria-label="Bar"><a href="/x">Bar</a></nav>'), 'the bar covers'],
  ['menu', SMALL, 'a menu that opens below the window', page('', '.m { position: fixed; bottom: 0; left: 0 } .m ul { position: absolute; top: 100% }',
    '<nav class="m" aria-label="More"><details><summary>More</summary><ul><li><a href="/a">Settings</a></li></ul></details></nav>'), 'outside the window'],
  ['colours of the frame', SMALL, 'grey on white in the menu', page('', 'nav a { color: #aaa }'), 'axe color-contrast'],
  ['axe of the window', SMALL, 'a button whose words a phone does not show', page('<button type="button" class="n"><span>Send</span></button>', '@media (width < 30rem) { .n span { display: none } }'), 'axe button-name'],
  ['axe of words', DESK, 'a field whose label has no words in this language', ARABIC.replace('Email Address', ''), 'axe label'],
  ['right to left', SMALL, 'a page that came in English', GOOD, 'the page\'s lang is en'],
  ['right to left', SMALL, 'a page that is not turned round', ARABIC.replace('dir="rtl"', 'dir="ltr"'), 'the page\'s dir is ltr'],
  ['latin in arabic', SMALL, 'a telephone number from right to left', ARABIC.replace('<p>Words', '<p>+49 30 1234567</p><p>Words'), 'turned round'],
  ['latin in arabic', SMALL, 'a Latin line that begins with a number', ARABIC.replace('<p>Words', '<p>8 to 16</p><p>Words'), 'turned round'],
  ['latin in arabic', SMALL, 'a field that turns what is typed', ARABIC.replace('unicode-bidi: plaintext', ''), 'not its own direction'],
  ['latin in arabic', SMALL, 'a date that mixes', ARABIC.replace('<p>Words', '<p>Well 7, <time datetime="2026-01-02">2 January</time></p><p>Words'), 'a date mixes'],
  ['targets', DESK, 'a button as wide as the page', page('<button type="button" class="button v">Send</button>', '.v { width: 100% }'), 'as wide as the page'],
  ['forced colours', DESK, 'a button that is a colour only', page('<button type="button" class="e">Press</button>', '.e { border: 0; background: #0a58a6; color: #fff }'), 'no edge'],
  ['forced colours', DESK, 'a field in a shadow', page('<label for="s">Name</label><input id="s" name="s" class="e">', '.e { border: 0; box-shadow: 0 0 0 1px #555 }'), 'no edge'],
  ['forced colours', DESK, 'a ring that is a shadow', page('<a class="q" href="/q">Quiet</a>', '.q:focus-visible { outline: 0; box-shadow: 0 0 0 3px #0a58a6 }'), 'the focus is not shown'],
  ['forced colours', DESK, 'a chart in the colour of the page', page('<svg role="img" aria-label="Bars" width="90" height="50"><rect width="9" height="40" fill="#eee"></rect></svg>'), 'cannot be read'],
  ['forced colours', DESK, 'a code without its light ground', page('<svg class="k" role="img" aria-label="Code" width="50" height="50"><rect width="100%" height="100%" fill="#444"></rect><path fill="#000" d="M0 0h9v9h-9z"></path></svg>'), 'cannot be read'],
  ['rings', DESK, 'no ring', page('<a class="q" href="/q">Quiet</a>', '.q:focus-visible { outline: 0 }'), 'the focus is not shown'],
  ['rings', DESK, 'a pale ring', page('<a class="q" href="/q">Pale</a>', '.q:focus-visible { outline-color: #ccc }'), 'has a contrast of'],
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

// What is built alike is looked at once.
function built(record) {
  const alike = (what, a, b, wanted) => record(`${what} is ${wanted ? 'built alike' : 'another page'}`, (skeleton(page(a)) === skeleton(page(b))) === wanted ? [] : [skeleton(page(a)), skeleton(page(b))]);
  alike('another word', '<p>One</p>', '<p>Two</p>', true);
  alike('another address', '<a href="/a">One</a>', '<a href="/b?c">Two</a>', true);
  alike('a longer list', '<ul><li>One</li></ul>', '<ul><li>One</li><li>Two</li><li>Three</li></ul>', true);
  alike('a word that does not end', '<p>One</p>', `<p>${LONG}</p>`, false);
  alike('a long text', '<p>One</p>', `<p>${'One '.repeat(50)}</p>`, false);
  alike('a row that is another', '<ul><li>One</li></ul>', '<ul><li>One</li><li><b>Two</b></li></ul>', false);
  alike('another element', '<p>One</p>', '<div>One</div>', false);
  alike('another class', '<p class="a">One</p>', '<p class="b">One</p>', false);
  alike('an attribute more', '<input name="a">', '<input name="a" required>', false);
  alike('no text', '<p>One</p>', '<p></p>', false);
  const place = (words, current) => halves(page(words).replace('aria-current="page"', current));
  const [one, other] = [place('<p>One</p>', ''), place('<div>Two</div>', 'aria-current="page"')];
  record('one frame around two pages', one[0] !== other[0] && one[1] === other[1] ? [] : [...one, ...other]);
  record('two frames around one page', halves(page('x'))[1] !== halves(page('x', '', '<p>More</p>'))[1] ? [] : ['they are one']);
  const html = '<title>A &amp; B</title><a class="x" href="/a?b=1&amp;c=2">A</a><a href="#m">B</a><a href="/a?b=1&amp;c=2">C</a>';
  record('title and links of a page that nobody looks at', `${titleOf(html)} ${hrefsOf(html)}` === 'A & B /a?b=1&c=2,#m' ? [] : [`${titleOf(html)} ${hrefsOf(html)}`]);
}

// record(name, problems) is told of each judge that lets its bad page pass.
export async function breaches(browser, record) {
  const context = await browser.newContext({ reducedMotion: 'reduce' });
  const at = await context.newPage();
  let body = '';
  await at.route('**/*', (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body }));
  const show = async (html, size, name) => {
    body = html;
    await look(at, size, { forcedColors: name === 'forced colours' ? 'active' : 'none' });
    await at.goto('http://made.example/');
    await enter(at);
  };
  for (const size of [DESK, SMALL])
    for (const name of Object.keys(judges)) {
      await show(['right to left', 'latin in arabic'].includes(name) ? ARABIC : GOOD, size, name);
      record(`a good page passes: ${name}, ${size.width} px`, await judges[name](at, 15, size.width));
    }
  for (const [name, size, what, html, said] of BAD) {
    await show(html, size, name);
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
  await show(GOOD, DESK);
  record('forced colours notices that they are not forced', (await judges['forced colours'](at)).length ? [] : ['it does not']);
  await show(page(`<ul>${'<li>Row</li>'.repeat(20)}<li>${LONG}</li><li><b>Row</b></li></ul><ul>${'<li>Row</li>'.repeat(8)}</ul>`), DESK);
  await call(at, 'thin');
  const rows = await at.$$eval('main ul', (lists) => lists.map((l) => l.children.length));
  record('of many rows alike some stay, and each that is another', `${rows}` === '5,8' ? [] : [`${rows}`]);
  built(record);
  await show(page('<form method="get" action="/find"><label for="q">Find</label><input id="q" name="q" autocomplete="off"></form>'), DESK);
  const found = [await call(at, 'links'), await call(at, 'fields'), await call(at, 'forms')];
  record('links, fields and forms are found', JSON.stringify(found[0]) === '["#main","/home","/help"]' && found[1][0].name === 'q' && found[1][0].token === 'off' && found[2].length === 1 ? [] : [JSON.stringify(found)]);
  await context.close();
}
