// judge_inpage.js - what is measured inside a page: evaluated there once, then called as judge.*(). Each returns its problems as sentences.
'use strict';
window.judge = (() => {
  const FIELDS = 'input:not([type=hidden]), select, textarea';
  const TARGETS = `a[href], button, summary, ${FIELDS}`;
  const LEAST_TYPE = 14; // px
  const HEAVY = new Set(['BUTTON', 'SUMMARY', 'SELECT', 'TEXTAREA', 'INPUT']);
  const seen = (e) => e.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true });
  const all = (selector, within = document) => [...within.querySelectorAll(selector)].filter(seen);
  const words = (e) => {
    const text = (e.textContent || '').replace(/\s+/g, ' ').trim();
    return `<${e.localName}${e.id ? ` #${e.id}` : ''}${e.name ? ` ${e.name}` : ''}${typeof e.className === 'string' && e.className ? ` .${e.className}` : ''}> “${text.slice(0, 60)}”`;
  };
  // What is true of an element by what is around it is found once, until the page may have changed: every judge forgets first.
  const inherited = [], forget = () => inherited.forEach((known) => known.clear());
  function byParent(own) {
    const known = new Map();
    inherited.push(known);
    return function of(e) {
      if (!e) return own(null);
      if (!known.has(e)) known.set(e, own(e, () => of(e.parentElement)));
      return known.get(e);
    };
  }
  // Kept for listeners only: clipped to nothing.
  const aside = byParent((e, around) => {
    if (!e || e === document.documentElement) return false;
    const s = getComputedStyle(e);
    return e.matches('.skip:not(:focus)') || s.clipPath.startsWith('inset(50%') || (s.overflow === 'hidden' && e.clientWidth <= 1 && e.clientHeight <= 1) || around();
  });
  // The layer that an element is painted in: fixed ones lie over the page by intent, and the page can be scrolled below them.
  const layer = byParent((e, around) => (!e ? null : ['fixed', 'sticky'].includes(getComputedStyle(e).position) ? e : around()));

  function structure() {
    const problems = [], main = document.querySelector('main');
    if (!document.title.trim()) problems.push('no title');
    if (!document.documentElement.lang) problems.push('no language');
    if (document.querySelectorAll('h1').length !== 1) problems.push(`${document.querySelectorAll('h1').length} h1 instead of one`);
    if (!main) problems.push('no main');
    if (!all('main a[href]:not([href^="#"]), main button, nav a[href], nav button').length) problems.push('no next step: neither link nor button in main or navigation');
    for (const field of document.querySelectorAll(FIELDS))
      if (![...field.labels].some((l) => l.textContent.trim())) problems.push(`no label: ${field.outerHTML}`);
    const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
    for (const id of new Set(ids.filter((id, i) => ids.indexOf(id) !== i))) problems.push(`two elements have the id ${id}`);
    for (const a of document.querySelectorAll('a[href^="#"]'))
      if (!document.getElementById(decodeURIComponent(a.getAttribute('href').slice(1)))) problems.push(`a link leads nowhere on its page: ${a.outerHTML}`);
    const summary = document.querySelector('.problem[role=alert]');
    if (!!summary !== document.title.startsWith('Error: ')) problems.push(`title and summary of errors do not go together: ${document.title}`);
    return problems;
  }

  function sideways() {
    forget();
    const root = document.documentElement, more = root.scrollWidth - root.clientWidth;
    if (more <= 0) return [];
    const out = all('body *').filter((e) => { const r = e.getBoundingClientRect(); return r.width && (r.right > root.clientWidth + 1 || r.left < -1) && !aside(e); });
    return [`scrolls sideways by ${more} px: ${out.slice(-1).map(words)}`];
  }

  // A list is never wider than its place: what lies beyond its edge is found by nobody.
  function lists() {
    return [...document.querySelectorAll('.list')].filter((e) => e.scrollWidth > e.clientWidth).map((e) => `a list is wider than its place by ${e.scrollWidth - e.clientWidth} px: ${words(e.querySelector('caption'))}`);
  }

  // What a cell is about is said once: by the head of its column, or where that is not seen by a label beside it.
  function labels() {
    forget();
    return [...document.querySelectorAll('.list')].filter(seen).flatMap((list) => {
      const head = list.querySelector('thead th'), told = head && seen(head) && !aside(head);
      return [...list.querySelectorAll('td .label')].filter((e) => !!told === (seen(e) && !aside(e))).map((e) => `${told ? 'said twice, by the head and' : 'not said'}: ${words(e)}`);
    });
  }

  // Where one is differs from what stands beside it in more than a colour.
  function current() {
    const look = (e) => { const s = getComputedStyle(e); return [s.fontWeight, s.textDecorationLine].join(); };
    return all('nav [aria-current], .languages [aria-current]').flatMap((e) => {
      const beside = all(e.localName, e.closest('ul')).find((o) => !o.hasAttribute('aria-current'));
      return beside && look(beside) === look(e) ? [`looks like what stands beside it: ${words(e)}`] : [];
    });
  }

  // The part of the page in which an element can be seen.
  const EVERYWHERE = { left: -Infinity, right: Infinity, top: -Infinity, bottom: Infinity };
  const clip = byParent((e, around) => {
    if (!e || e === document.body) return EVERYWHERE;
    const s = getComputedStyle(e), box = around();
    if (s.overflow === 'visible' || s.display === 'inline') return box;
    const r = e.getBoundingClientRect();
    return { left: Math.max(box.left, r.left), right: Math.min(box.right, r.right), top: Math.max(box.top, r.top), bottom: Math.min(box.bottom, r.bottom) };
  });
  // Shortened by intent, with an ellipsis, in a row that leads to all of it.
  const shortened = (e) => getComputedStyle(e).webkitLineClamp !== 'none' && !!e.closest('tr')?.querySelector('a[href]');

  function textRects() {
    const rects = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), range = document.createRange();
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const e = node.parentElement;
      if (!node.data.trim() || ['SCRIPT', 'STYLE', 'OPTION', 'TEXTAREA', 'TITLE'].includes(e.tagName) || e.closest('svg') || !seen(e) || aside(e)) continue;
      range.selectNodeContents(node);
      const of = layer(e);
      const shown = clip(e);
      for (const r of range.getClientRects()) {
        const at = { e, of, left: Math.max(r.left, shown.left), right: Math.min(r.right, shown.right), top: Math.max(r.top, shown.top), bottom: Math.min(r.bottom, shown.bottom) };
        if (at.right - at.left > 1 && at.bottom - at.top > 1) rects.push(at);
      }
    }
    return rects;
  }

  // Text that is cut off, lies over other text or a control, or sticks out of its button.
  function crowded() {
    forget();
    const problems = [], rects = textRects();
    for (const e of all('body *')) {
      if (aside(e) || e.closest('svg')) continue;
      const s = getComputedStyle(e), hides = (v) => v === 'hidden' || v === 'clip';
      const wide = e.scrollWidth - e.clientWidth > 1, high = e.scrollHeight - e.clientHeight > 1;
      if (s.display !== 'inline' && !HEAVY.has(e.tagName) && !shortened(e) && ((hides(s.overflowX) && wide) || (hides(s.overflowY) && high))) problems.push(`cut off: ${words(e)}`);
      if (s.display !== 'inline' && e.matches('.button, button, summary, .tag, .choice, .menu a, .tabs a') && (wide || high)) problems.push(`sticks out: ${words(e)}`);
    }
    for (const r of rects) if (parseFloat(getComputedStyle(r.e).fontSize) < LEAST_TYPE) problems.push(`too small to read: ${words(r.e)}`);
    const boxes = all(FIELDS).filter((e) => !aside(e)).map((e) => { const r = e.getBoundingClientRect(); return { e, of: layer(e), left: r.left, right: r.right, top: r.top, bottom: r.bottom }; });
    const meet = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 4;
    rects.sort((a, b) => a.top - b.top);
    for (let i = 0; i < rects.length; i++)
      for (let j = i + 1; j < rects.length && rects[j].top < rects[i].bottom; j++)
        if (rects[i].of === rects[j].of && rects[i].e !== rects[j].e && meet(rects[i], rects[j])) problems.push(`overlaps: ${words(rects[i].e)} and ${words(rects[j].e)}`);
    for (const b of boxes) for (const r of rects) if (r.of === b.of && !b.e.contains(r.e) && meet(r, b)) problems.push(`overlaps: ${words(r.e)} and ${words(b.e)}`);
    return [...new Set(problems)];
  }

  // At the end of the page nothing lies below the fixed bar.
  function covered() {
    forget();
    const bar = all('nav').find((e) => getComputedStyle(e).position === 'fixed');
    if (!bar) return [];
    scrollTo(0, document.documentElement.scrollHeight);
    const top = bar.getBoundingClientRect().top;
    const under = all('main *, footer *').filter((e) => !layer(e) && !aside(e)).map((e) => [e.getBoundingClientRect().bottom - top, e]).sort((a, b) => b[0] - a[0])[0];
    scrollTo(0, 0);
    return under && under[0] > 1 ? [`at the end of the page the bar covers ${words(under[1])} by ${Math.round(under[0])} px`] : [];
  }

  // What a finger hits for this: a choice is hit by its card, and a label belongs to its box.
  const target = (e) => (['radio', 'checkbox'].includes(e.type) && e.closest('label')) || e;
  const inSentence = (e) => {
    if (getComputedStyle(e).display !== 'inline') return false;
    let block = e.parentElement;
    while (getComputedStyle(block).display === 'inline') block = block.parentElement;
    return block.textContent.trim().length > e.textContent.trim().length;
  };

  // least: the height of our own controls in rows of a table, lower on a desk, where none is as wide as what stands above it; the others are 44 px high everywhere. Links in text need
  // 24 px or room around them, and a link inside a sentence neither.
  function targets(least) {
    forget();
    const problems = [], list = [...new Set(all(TARGETS).filter((e) => !aside(e)).map(target))].map((e) => ({ e, r: e.getBoundingClientRect() }));
    const small = ({ r }) => r.width < 23.9 || r.height < 23.9;
    const middle = ({ r }) => [r.left + r.width / 2, r.top + r.height / 2];
    const near = ([x, y], { r }) => Math.hypot(Math.max(r.left - x, 0, x - r.right), Math.max(r.top - y, 0, y - r.bottom));
    for (const one of list) {
      const own = HEAVY.has(one.e.tagName) || one.e.matches('.button, .choice, .menu a, .tabs a');
      if (own && one.r.height < (one.e.matches('td *') ? least : 44) - 0.1 && !one.e.closest('[hidden]')) problems.push(`only ${Math.round(one.r.height)} px high: ${words(one.e)}`);
      if (least < 44 && one.e.matches('.button') && one.r.width > 480) problems.push(`a button as wide as the page: ${words(one.e)}`);
      if (!small(one) || inSentence(one.e)) continue;
      const from = middle(one);
      const crowd = list.find((o) => o !== one && !o.e.contains(one.e) && !one.e.contains(o.e) && layer(o.e) === layer(one.e)
        && (near(from, o) < 12 || (small(o) && Math.hypot(from[0] - middle(o)[0], from[1] - middle(o)[1]) < 24)));
      if (crowd) problems.push(`a target of ${Math.round(one.r.width)} × ${Math.round(one.r.height)} px without room: ${words(one.e)} beside ${words(crowd.e)}`);
    }
    return problems;
  }

  // ---- by keyboard ----

  // What Tab must reach, in this order: of a group of radio buttons one.
  function stops() {
    const groups = new Set();
    return all(`${TARGETS}, [tabindex="0"]`).filter((e) => {
      if (e.disabled || e.tabIndex < 0) return false;
      if (e.type !== 'radio') return true;
      const group = [...document.querySelectorAll(`input[type=radio][name="${CSS.escape(e.name)}"]`)].filter((o) => o.form === e.form);
      const chosen = group.find((o) => o.checked);
      if (groups.has(group[0]) || (chosen && chosen !== e)) return false;
      groups.add(group[0]);
      return true;
    });
  }

  const channel = (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  const colour = (css) => (css.match(/[\d.]+/g) || [0, 0, 0, 0]).map(Number);
  const light = (c) => 0.2126 * channel(c[0] / 255) + 0.7152 * channel(c[1] / 255) + 0.0722 * channel(c[2] / 255);
  const contrast = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
  function behind(e) {
    for (let a = e; a; a = a.parentElement) {
      const c = colour(getComputedStyle(a).backgroundColor);
      if (c.length < 4 || c[3] > 0.5) return c;
    }
    return [255, 255, 255];
  }

  // Six to one, more than anybody asks for; four and a half where a vendor's own colour is worn.
  function pale() {
    forget();
    const least = document.querySelector('link[rel=stylesheet][href*="/brand/"]') ? 4.5 : 6, problems = [];
    for (const e of new Set(textRects().map((r) => r.e))) {
      const ratio = contrast(colour(getComputedStyle(e).color), behind(e));
      if (ratio < least) problems.push(`pale, ${ratio.toFixed(2)} to one: ${words(e)}`);
    }
    return problems;
  }

  function ringProblems(e) {
    const ringed = target(e), s = [ringed, e].map((x) => getComputedStyle(x)).find((x) => x.outlineStyle !== 'none' && parseFloat(x.outlineWidth) > 0);
    if (!s || parseFloat(s.outlineWidth) < 2) return [`the focus is not shown: ${words(e)}`];
    const ground = behind(parseFloat(s.outlineOffset) < 0 ? ringed : ringed.parentElement), ratio = contrast(colour(s.outlineColor), ground);
    return ratio < 3 ? [`the focus has a contrast of ${ratio.toFixed(2)} only: ${words(e)}`] : [];
  }

  function focusProblems(e) {
    forget();
    const problems = ringProblems(e), ringed = target(e);
    const r = ringed.getBoundingClientRect(), w = innerWidth, h = innerHeight;
    const box = { left: Math.max(r.left, 0), right: Math.min(r.right, w), top: Math.max(r.top, 0), bottom: Math.min(r.bottom, h) };
    if (box.right - box.left < 1 || box.bottom - box.top < 1) return [...problems, `the focus is outside the window: ${words(e)}`];
    const x = [box.left + 1, (box.left + box.right) / 2, box.right - 1], y = [box.top + 1, (box.top + box.bottom) / 2, box.bottom - 1];
    // WCAG 2.4.11: not wholly hidden; ours are not at all, but for what is written into, which is scrolled to its caret.
    const points = [[x[1], y[1]], [x[1], y[0]], [x[1], y[2]], [x[0], y[1]], [x[2], y[1]]], hidden = points.map(([px, py]) => {
      const hit = document.elementFromPoint(px, py), over = hit && layer(hit);
      return hit && !ringed.contains(hit) && !hit.contains(ringed) && over && over !== layer(ringed) ? hit : null;
    });
    const by = e.tagName === 'TEXTAREA' ? hidden.every((o) => o) && hidden[0] : hidden.find((o) => o);
    if (by) problems.push(`the focus is obscured: ${words(e)} by ${words(by)}`);
    return problems;
  }

  let walk = null;
  const note = (event) => {
    const e = document.activeElement;
    if (event.key !== 'Tab' || !walk || e === walk.last) return;
    walk.last = e;
    if (e === document.body || e === document.documentElement || walk.reached.includes(e)) { walk.round = true; return; }
    walk.reached.push(e);
    walk.problems.push(...focusProblems(e));
  };

  // From the top of the page; how often Tab must be pressed. Folded parts of the page are open.
  function walkBegins() {
    forget();
    for (const d of document.querySelectorAll('main details')) d.open = true;
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute('tabindex');
    scrollTo(0, 0);
    const list = stops();
    walk = { list, reached: [], problems: [], last: null, round: false };
    document.addEventListener('keyup', note, true);
    return list.length + 4 * list.filter((e) => e.type === 'date').length;
  }

  function walkEnds() {
    document.removeEventListener('keyup', note, true);
    const { list, reached, problems } = walk;
    walk = null;
    const missed = list.filter((e) => !reached.includes(e));
    if (missed.length) problems.push(`Tab does not reach ${missed.slice(0, 3).map(words)}${missed.length > 3 ? ' …' : ''}`);
    const order = list.filter((e) => reached.includes(e)), at = order.findIndex((e, i) => reached.filter((x) => list.includes(x))[i] !== e);
    if (at >= 0) problems.push(`Tab leaves the order of the page at ${words(order[at])}`);
    if (!reached[0] || !reached[0].matches('a[href="#main"]')) problems.push('the first stop is not the skip link');
    return problems;
  }

  function skipBegins() {
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute('tabindex');
  }

  const atSkipLink = () => document.activeElement.matches('a[href="#main"]');

  function skipEnds() {
    return document.activeElement && document.activeElement.id === 'main' ? [] : [`the skip link leads to ${document.activeElement ? words(document.activeElement) : 'nothing'}`];
  }

  // The folded part of the menu, opened: it lies over the page by the person's wish, and everything in it is seen.
  function menu() {
    forget();
    const more = document.querySelector('nav details');
    if (!more || !seen(more.querySelector('summary'))) return [];
    more.open = true;
    const problems = [...sideways(), ...crowded()];
    for (const e of all('a[href], button', more)) {
      e.focus({ focusVisible: true });
      problems.push(...focusProblems(e));
    }
    more.open = false;
    return problems;
  }

  // The ring alone, of everything that can have the focus: what another set of colours does to it.
  function rings() {
    forget();
    const problems = stops().flatMap((e) => { e.focus({ focusVisible: true, preventScroll: true }); return ringProblems(e); });
    document.activeElement.blur();
    return problems;
  }

  // ---- forced colours: the system's instead of ours, no shadows ----

  const TYPED = 'button, .button, .choice, select, textarea, input:not([type=hidden], [type=radio], [type=checkbox], [type=file])'; // the browser draws the others
  const paints = (css) => css !== 'none' && !(colour(css).length === 4 && colour(css)[3] < 0.5);

  // Where a shape of a picture is seen: against the shape before it that fills the picture, else against the page.
  function shapeProblems(svg) {
    const problems = [], all = svg.getBoundingClientRect();
    let ground = behind(svg);
    for (const shape of svg.querySelectorAll('rect, path, circle, polyline, polygon, line, text, use')) {
      const s = getComputedStyle(shape), r = shape.getBoundingClientRect();
      const inks = [s.fill, parseFloat(s.strokeWidth) > 0 ? s.stroke : 'none'].filter(paints).map(colour);
      if (shape.localName === 'rect' && inks[0] && r.width >= all.width - 1 && r.height >= all.height - 1 && shape.nextElementSibling) [ground] = inks;
      else if (!inks.some((ink) => contrast(ink, ground) >= 3)) problems.push(`a picture cannot be read: ${words(svg)} ${shape.outerHTML.slice(0, 80)}`);
    }
    return problems;
  }

  // What is pressed or typed into has an edge that is seen, but for the menu's buttons, which stand in a list like its links.
  function forced() {
    forget();
    if (!matchMedia('(forced-colors: active)').matches) return ['the colours are not forced'];
    const problems = [];
    for (const e of all(TYPED).filter((x) => !aside(x) && !x.closest('nav'))) {
      const s = getComputedStyle(e), ground = behind(e.parentElement);
      const seenAt = ['Top', 'Bottom', 'Left', 'Right'].filter((side) => s[`border${side}Style`] !== 'none' && parseFloat(s[`border${side}Width`]) >= 1 && contrast(colour(s[`border${side}Color`]), ground) >= 3);
      if (seenAt.length < 4) problems.push(`no edge that is seen: ${words(e)}`);
    }
    for (const svg of all('svg')) problems.push(...shapeProblems(svg));
    return [...problems, ...rings()];
  }

  // ---- states of the page ----

  // Of rows alike some stay, long ones too: fifty say no more to a judge than four do.
  const MANY = 8, STAY = 3;
  function thin() {
    for (const list of document.querySelectorAll('main tbody, main ul, main ol')) {
      if (list.children.length <= MANY) continue;
      const alike = new Map();
      for (const row of [...list.children].slice(0, -1)) {
        const long = Math.max(...row.textContent.split(/\s+/).map((w) => w.length)) > 24;
        const key = [long, row.className, ...[...row.querySelectorAll('*')].map((e) => `${e.localName}.${e.getAttribute('class')}`)].join();
        alike.set(key, (alike.get(key) || 0) + 1);
        if (alike.get(key) > STAY) row.remove();
      }
    }
  }

  const spacing = new CSSStyleSheet();
  spacing.replaceSync('* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; } p { margin-block-end: 2em !important; }');
  const spaced = (on) => { document.adoptedStyleSheets = on ? [spacing] : []; };
  // The page in Arabic.
  const arabic = () => ['lang', 'dir'].filter((a) => document.documentElement[a] !== { lang: 'ar', dir: 'rtl' }[a]).map((a) => `the page's ${a} is ${document.documentElement[a]}`);

  // In a page that goes from right to left: a Latin line, a telephone number, goes from left to right, and a date keeps its parts together.
  function turned() {
    forget();
    const problems = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), range = document.createRange();
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const e = node.parentElement, text = node.data;
      if (!/[+\d].*[A-Za-z]|\+\d+ /s.test(text) || /\p{Script=Arabic}/u.test(text) || ['SCRIPT', 'STYLE', 'OPTION', 'TEXTAREA', 'TITLE'].includes(e.tagName) || !seen(e) || aside(e)) continue;
      let last = null;
      for (const { index } of text.matchAll(/[+\p{L}\p{N}]/gu)) {
        range.setStart(node, index);
        range.setEnd(node, index + 1);
        const r = range.getBoundingClientRect();
        if (last && Math.abs(r.top - last.top) < 4 && r.left < last.left) { problems.push(`turned round: ${words(e)}`); break; }
        last = r;
      }
    }
    for (const e of all(FIELDS)) if (!['radio', 'checkbox', 'file'].includes(e.type) && getComputedStyle(e).unicodeBidi !== 'plaintext') problems.push(`what is typed has not its own direction: ${words(e)}`);
    for (const e of all('time')) if (getComputedStyle(e).unicodeBidi !== 'isolate') problems.push(`a date mixes with what stands before it: ${words(e)}`);
    return problems;
  }

  // ---- facts for judges outside ----

  const links = () => [...new Set([...document.querySelectorAll('a[href]')].map((a) => a.getAttribute('href')))];
  const fields = () => [...document.querySelectorAll(FIELDS)].map((e) => ({
    name: e.name, type: e.type, token: e.getAttribute('autocomplete'), action: e.form ? new URL(e.form.getAttribute('action') || location.href, location.href).pathname : '',
    method: e.form ? e.form.method : '' }));
  const forms = () => [...document.forms].map((f, i) => ({
    i, method: f.method, action: new URL(f.getAttribute('action') || location.href, location.href).pathname, asks: f.querySelectorAll('input:not([type=hidden]), textarea, select').length }));
  // As somebody who fills in nothing and presses the button.
  function sendEmpty(i) {
    const form = document.forms[i];
    for (const e of form.querySelectorAll(FIELDS)) {
      if (['radio', 'checkbox'].includes(e.type)) e.checked = false;
      else if (e.type !== 'file' && e.tagName !== 'SELECT' && !e.readOnly) e.value = '';
    }
    HTMLFormElement.prototype.submit.call(form);
  }

  return { structure, sideways, lists, labels, current, crowded, covered, targets, pale, walkBegins, walkEnds, menu, skipBegins, atSkipLink, skipEnds, spaced, arabic, turned, rings, forced, thin, links, fields, forms, sendEmpty };
})();
