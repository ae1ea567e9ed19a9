// visitor.mjs - a person at a browser who notices what tests must notice: console errors, refused or failed requests, breaches of
// accessibility, fields without a label, pages that scroll sideways.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { chromium } from 'playwright-core';

const told = process.env.INVITED_BROWSER; // the machine itself, or @ and the file that describes it
export const machine = JSON.parse(told.startsWith('@') ? readFileSync(told.slice(1), 'utf8') : told);
export const DESK = { width: 1280, height: 900 }, PHONE = { width: 390, height: 844 };
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const LEAST_RULES = 20; // that have something to look at: an empty page gives them less
const SMALL = { width: 320, height: 844 };

export const results = { passed: 0, failed: 0 };

export function record(name, problems) {
  if (!problems.length) return results.passed++;
  results.failed++;
  console.log(`FAILED ${name}\n${problems.map((p) => `    ${p}\n`).join('')}`);
}

export function assert(good, words) {
  if (!good) throw new Error(words);
}

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium-headless-shell', // Chromium without the window: half the processor time
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync'],
  });
}

export function sql(text) {
  const words = ['--no-defaults', `--socket=${machine.database}`, '--batch', '--skip-column-names', 'invited'];
  return execFileSync('mariadb', words, { input: text, encoding: 'utf8' }).trim();
}

// The newest mail to an address whose link begins like this; waits for it.
export async function mailTo(address, path = '/i/', but = []) {
  for (let n = 0; n < 200; n++, await sleep(50)) {
    const mails = await (await fetch(`${machine.mail}api/mails?to=${encodeURIComponent(address)}`)).json();
    for (const mail of mails) {
      const link = mail.links.find((l) => l.startsWith(machine.portal + path));
      if (link && !but.includes(link)) return { ...mail, link };
    }
  }
  throw new Error(`no mail to ${address}`);
}

// All that is looked at on every page, whether scripts run or not.
function pageProblems() {
  const problems = [], root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) problems.push(`scrolls sideways by ${root.scrollWidth - root.clientWidth} px`);
  for (const field of document.querySelectorAll('input:not([type=hidden]), select, textarea'))
    if (![...(field.labels || [])].some((label) => label.textContent.trim())) problems.push(`no label: ${field.outerHTML}`);
  const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
  for (const id of new Set(ids.filter((id, i) => ids.indexOf(id) !== i))) problems.push(`two elements have the id ${id}`);
  if (document.querySelectorAll('h1').length !== 1) problems.push('not exactly one h1');
  const summary = document.querySelector('.problem[role=alert]');
  if (summary) {
    if (!document.title.startsWith('Error: ')) problems.push(`title of a page with errors: ${document.title}`);
    if (!(summary.compareDocumentPosition(document.querySelector('h1')) & Node.DOCUMENT_POSITION_FOLLOWING)) problems.push('the summary stands below the h1');
    for (const link of summary.querySelectorAll('li a'))
      if (!document.getElementById(link.getAttribute('href').slice(1))) problems.push(`the summary leads nowhere: ${link.outerHTML}`);
  } else if (document.title.startsWith('Error: ')) problems.push('an error title without a summary');
  return problems;
}

// A page whose mail waits looks again by itself. Who judges or clicks here does it on a page that stays as it is.
export const holdStill = (context) => context.addInitScript(() => history.replaceState({ times: Infinity }, ''));

export class Visitor {
  // size: of the window; scripts: whether JavaScript runs; name: for reports.
  static async come(browser, name, size = DESK, scripts = true) {
    const visitor = new Visitor();
    Object.assign(visitor, { name, size, scripts, problems: [], expected: new Set() });
    visitor.context = await browser.newContext({ viewport: size, javaScriptEnabled: scripts, reducedMotion: 'reduce', locale: 'en-GB' });
    visitor.context.setDefaultTimeout(10000);
    await holdStill(visitor.context);
    visitor.page = await visitor.context.newPage();
    visitor.watch(visitor.page);
    return visitor;
  }

  watch(page) {
    page.on('console', (message) => {
      // Refused answers are judged by their status below.
      if (['error', 'warning'].includes(message.type()) && !message.text().startsWith('Failed to load resource'))
        this.problems.push(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => this.problems.push(`script: ${error.message}`));
    page.on('requestfailed', (request) => this.problems.push(`failed: ${request.method()} ${request.url()} ${request.failure()?.errorText}`));
    page.on('response', (answer) => {
      const good = answer.status() < 400 || (answer.request().isNavigationRequest() && this.expected.has(answer.status()));
      if (!good) this.problems.push(`${answer.status()}: ${answer.request().method()} ${answer.url()}`);
    });
  }

  // These answers (422, 404) are meant.
  expect(...statuses) {
    statuses.forEach((s) => this.expected.add(s));
    return this;
  }

  // From the next page on, pages may look again by themselves.
  async lookAgain() {
    await this.page.addInitScript(() => history.replaceState(null, ''));
  }

  async go(address) {
    await this.page.goto(address.startsWith('http') ? address : machine.portal + address);
  }

  field(label) {
    return this.page.getByLabel(label, { exact: true });
  }

  button(words) {
    return this.page.getByRole('button', { name: words, exact: true });
  }

  async fill(values) {
    for (const [label, value] of Object.entries(values)) await this.field(label).fill(value);
  }

  async press(words) {
    await this.button(words).click();
    await this.page.waitForLoadState();
  }

  async follow(words) {
    await this.page.getByRole('link', { name: words, exact: true }).first().click();
    await this.page.waitForLoadState();
  }

  async says(...sentences) {
    const text = (await this.page.locator('body').innerText()).replace(/\s+/g, ' ');
    for (const s of sentences) assert(text.includes(s), `${this.page.url()} does not say “${s}”: ${text.slice(0, 600)}`);
  }

  async isAt(path, h1) {
    assert(new URL(this.page.url()).pathname === path, `at ${this.page.url()}, not at ${path}`);
    if (h1) assert((await this.page.locator('h1').innerText()) === h1, `h1 “${await this.page.locator('h1').innerText()}”, not “${h1}”`);
  }

  async signIn(vendor) {
    await this.go('/sign-in');
    await this.fill({ 'Email Address': machine.owners[vendor] || vendor, Password: machine.password });
    await this.press('Sign in');
  }

  // The page as it is: labels, ids, summary; no sideways scrolling at 320 px; axe in light, dark, and at 320 px.
  async look(name, least, without) {
    const page = this.page;
    for (const [mode, size, colours] of [['light', this.size, 'light'], ['dark', this.size, 'dark'], ['320 px', SMALL, 'light']]) {
      const problems = [];
      try {
        if (!this.scripts && mode === 'dark') continue;
        await page.emulateMedia({ colorScheme: colours });
        await page.setViewportSize(size);
        problems.push(...await page.evaluate(pageProblems));
        if (this.scripts) problems.push(...await this.axe(least, without));
      } catch (error) {
        problems.push(error.message);
      }
      record(`${this.name}: ${name}, ${mode}`, problems);
    }
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize(this.size);
  }

  async axe(least = LEAST_RULES, without = []) {
    if (!await this.page.evaluate(() => 'axe' in window)) await this.page.evaluate(AXE);
    const rules = Object.fromEntries(without.map((rule) => [rule, { enabled: false }]));
    const found = await this.page.evaluate((r) => window.axe.run(document, { resultTypes: ['violations'], preload: false, rules: r }), rules);
    const problems = found.violations.flatMap((v) => v.nodes.map((n) => `axe ${v.id}: ${n.html} ${n.any.concat(n.all, n.none).map((c) => c.message).join('; ')}`));
    if (found.passes.length < least) problems.push(`axe: only ${found.passes.length} rules had something to look at`);
    return problems;
  }

  // Tab until this element has the focus, as a person without a mouse.
  async tabTo(locator) {
    for (let n = 0; n < 80; n++) {
      await this.page.keyboard.press('Tab');
      if (await locator.evaluate((e) => e === document.activeElement)) {
        const ring = await locator.evaluate((e) => parseFloat(getComputedStyle(e.closest('.choice') || e).outlineWidth));
        assert(ring >= 3, `the focus on ${await locator.evaluate((e) => e.outerHTML)} is not shown`);
        return;
      }
    }
    throw new Error(`Tab does not reach ${locator}`);
  }

  async type(label, text) {
    await this.tabTo(this.field(label));
    await this.page.keyboard.press('Control+A');
    await this.page.keyboard.type(text);
  }

  async leave() {
    await this.context.close();
    record(`${this.name}: console, requests, policies`, this.problems);
  }
}
