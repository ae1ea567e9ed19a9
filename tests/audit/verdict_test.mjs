// What `make audit` decides by, without Lighthouse: results as it gives them, good and bad.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CATEGORIES, better, costs, line, perfect, scores } from './verdict.mjs';

const result = (of, audits = {}, refs = []) => ({
  categories: Object.fromEntries(CATEGORIES.map((c, n) => [c, { score: of[n], auditRefs: refs.filter(([category]) => category === c).map(([, id, weight]) => ({ id, weight })) }])), audits });
const BAD = result([0.57, 1, 0.96], {
  'largest-contentful-paint': { score: 0.2, title: 'Largest Contentful Paint', displayValue: '4.1 s' }, 'speed-index': { score: 0.9, title: 'Speed Index' },
  'server-time': { score: 0, title: 'Server' }, 'color-contrast': { score: 0, title: 'Contrast' }, 'no-title': { score: null, title: 'Not asked' },
  errors: { score: 0, title: 'Errors in the console', details: { items: [{ source: {}, description: 'missing is not defined' }, { node: { snippet: '<img>' } }] } }, doctype: { score: 1, title: 'Doctype' },
}, [['performance', 'speed-index', 10], ['performance', 'largest-contentful-paint', 25], ['performance', 'server-time', 0], ['accessibility', 'color-contrast', 7],
  ['best-practices', 'no-title', 3], ['best-practices', 'errors', 1], ['best-practices', 'doctype', 1]]);

test('a page passes with three times 100 and with nothing less', () => {
  assert.equal(perfect(scores(result([1, 1, 1]))), true);
  for (const n of [0, 1, 2]) assert.equal(perfect(scores(result([1, 1, 1].map((s, i) => (i === n ? 0.99 : s))))), false);
});

test('a category that was not judged is no 100', () => {
  assert.deepEqual(scores(result([1, null, 1])), { performance: 100, accessibility: 0, 'best-practices': 100 });
  assert.equal(perfect(scores({ categories: {} })), false);
});

test('a line names page, window and three scores', () => {
  assert.match(line('panel', 'phone', scores(BAD)), /^panel +phone +performance +57 +accessibility 100 +best-practices +96$/);
});

test('what costs a score is named with how much and where, the costly first, and nothing that counts for nothing', () => {
  assert.deepEqual(costs(BAD), ['performance: largest-contentful-paint: Largest Contentful Paint (4.1 s)', 'performance: speed-index: Speed Index',
    'best-practices: errors: Errors in the console: missing is not defined, <img>']);
  assert.deepEqual(costs(result([1, 1, 1])), []);
});

test('of two looks the better one counts, of equal ones the first', () => {
  const [good, bad, same] = [{ lhr: result([1, 1, 1]) }, { lhr: BAD }, { lhr: result([1, 1, 1]) }];
  assert.equal(better(undefined, bad), bad);
  assert.equal(better(bad, undefined), bad);
  assert.equal(better(bad, good), good);
  assert.equal(better(good, bad), good);
  assert.equal(better(good, same), good);
});
