// judge_journey.mjs - the budget of the main journey: from the mail's click to "connected", and from the admin's sign-in to "Invitation sent".
//
// Counted are page loads, forms, scripts, files, and the time of a slow 4G line (Lighthouse's: 150 ms a round trip, 1.6 Mbit/s) for as many round
// trips and octets; then the processor time of the pages, four times as long, in terms of a fixed piece of work that the same machine does at the
// same time: the line leaves it 300 ms of the second. What the clock says is luck, so it is printed.
import { PHONE, DESK, machine, mailTo } from './visitor.mjs';

const ROUND_TRIP = 150, OCTETS_PER_MS = 1.6e6 / 8 / 1000, SLOWER = 4, LINE_MS = 700, MOST_FILES = 6, PAGE_MS = 1000;
const PIECE_MS = 66; // what the piece of work takes where the pages take 58
const DETAILS = { first_name: 'Jo', last_name: 'Example', business_name: 'Journey GmbH' };

// A person's window that counts. Documents that came (not what led on to them), and everything that was sent for.
async function come(browser, size, scripts) {
  const context = await browser.newContext({ viewport: size, reducedMotion: 'reduce', locale: 'en-GB', javaScriptEnabled: scripts });
  const page = await context.newPage(), session = await context.newCDPSession(page);
  const count = { loads: 0, forms: 0, scripts: 0, files: 0, trips: 0, octets: 0 };
  for (const domain of ['Performance', 'Network']) await session.send(`${domain}.enable`);
  await page.goto(`${machine.portal}/healthz`); // the process that will show the pages; nothing of them is loaded yet
  const asked = new Set();
  session.on('Network.requestWillBeSent', ({ request, type, redirectResponse, documentURL }) => {
    if (type === 'Document' && request.method === 'POST') count.forms++;
    if (type === 'Document' && redirectResponse) count.trips++; // the POST's own
    if (type !== 'Document') asked.add(documentURL);
  });
  session.on('Network.responseReceived', ({ type, response }) => {
    if (type === 'Document') { count.loads++; count.trips++; }
    if (type === 'Script') count.scripts++;
    if (!response.fromDiskCache && type !== 'Document') count.files++;
  });
  session.on('Network.loadingFinished', ({ encodedDataLength }) => { count.octets += encodedDataLength; });
  // The processor time of the page's thread. (The durations beside it are by the clock.)
  const busy = async () => (await session.send('Performance.getMetrics')).metrics.find((m) => m.name === 'ThreadTime').value * 1000;
  return { context, page, session, count, busy };
}

const heading = (page, text) => page.getByText(text).first().waitFor({ timeout: 60000 });

async function invite(browser, email) {
  const admin = await come(browser, DESK, false), { page, count } = admin;
  await page.goto(`${machine.portal}/sign-in`);
  await page.getByLabel('Email Address', { exact: true }).fill(machine.owners.Journey);
  await page.getByLabel('Password', { exact: true }).fill(machine.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByLabel('Customer', { exact: true }).check();
  await page.getByLabel('Email Address', { exact: true }).fill(email);
  await page.getByRole('button', { name: 'Send Invite', exact: true }).click();
  await heading(page, 'Invitation sent.');
  await admin.context.close();
  return count;
}

async function accept(browser, email, slow) {
  const { link } = await mailTo(email);
  const invitee = await come(browser, PHONE, !!slow), { page, session, count, busy } = invitee;
  if (slow) {
    await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
    await session.send('Network.emulateNetworkConditions', { offline: false, latency: ROUND_TRIP, downloadThroughput: OCTETS_PER_MS * 1000, uploadThroughput: OCTETS_PER_MS * 1000 });
  }
  await busy();
  const idle = await busy();
  await page.goto(link);
  const shown = await busy() - idle;
  for (const [name, value] of Object.entries(DETAILS)) await page.locator(`[name=${name}]`).fill(value);
  await page.locator('[name=password]').fill(machine.password);
  const filled = await busy();
  const clicked = Date.now();
  await page.getByRole('button', { name: 'Create account', exact: true }).click();
  await heading(page, 'You’re connected with Journey.');
  const connected = await busy() - filled;
  const clock = slow ? await page.evaluate(() => performance.timing.loadEventEnd - performance.timing.navigationStart) : Date.now() - clicked;
  const end = await busy();
  await page.evaluate(() => {
    for (let n = 0; n < 20; n++) document.body.innerHTML = `<form>${'<p><label>Words <input value="x"></label></p>'.repeat(80)}${document.body.offsetHeight}</form>`;
  });
  const piece = await busy() - end;
  await invitee.context.close();
  return { ...count, processor: shown + connected, piece, clock };
}

// Round trips: one for each document and each redirect, one more for what the first page brings along (it comes side by side).
const line = ({ trips, octets }) => (trips + 1) * ROUND_TRIP + octets / OCTETS_PER_MS;

// On a processor that is SLOWER times slower than one that does the piece of work in PIECE_MS.
const work = ({ processor, piece }) => SLOWER * processor * PIECE_MS / piece;

function budgetProblems(journey, wanted) {
  const problems = Object.entries(wanted.counts).filter(([what, n]) => journey[what] !== n).map(([what, n]) => `${journey[what]} ${what}, not ${n}`);
  if (!wanted.line) return problems;
  if (line(journey) > LINE_MS) problems.push(`${Math.round(line(journey))} ms on a slow line: ${JSON.stringify(journey)}`);
  else if (line(journey) + work(journey) > PAGE_MS) problems.push(`${Math.round(line(journey) + work(journey))} ms with the work of a slow processor: ${JSON.stringify(journey)}`);
  if (journey.files > MOST_FILES) problems.push(`${journey.files} files`);
  return problems;
}

export async function journeys(browser, record) {
  const all = [];
  for (const n of [1, 2, 3]) {
    const email = `jo${n}@journey.example`;
    const sent = await invite(browser, email);
    if (n === 1) record('from the sign-in to “Invitation sent”', budgetProblems(sent, { counts: { loads: 3, forms: 2, scripts: 0 } }));
    all.push(await accept(browser, email));
  }
  const wanted = { counts: { loads: 2, forms: 1, scripts: 0 }, line: true }, best = all.sort((a, b) => work(a) - work(b))[0];
  record('from the mail’s click to “connected”', all.flatMap((one) => budgetProblems({ ...one, processor: best.processor, piece: best.piece }, wanted)));
  await invite(browser, 'jo4@journey.example');
  const slow = await accept(browser, 'jo4@journey.example', true);
  const over = [{ octets: 200000 }, { loads: 3 }, { forms: 2 }, { scripts: 1 }, { files: 7 }, { processor: best.processor * 3 }];
  for (const more of over) record(`a journey over budget is noticed: ${JSON.stringify(more)}`, budgetProblems({ ...best, ...more }, wanted).length === 1 ? [] : ['it is not']);
  return `from the mail's click to "connected": ${best.loads} page loads, ${best.forms} form, ${best.files} files, ${best.octets} octets: ${Math.round(line(best))} ms on a slow line, `
    + `and ${Math.round(best.processor)} ms of this processor (${Math.round(best.piece)} for the piece of work), ${Math.round(work(best))} on a slow one; throttled so, the last page took ${slow.clock} ms by the clock`;
}
