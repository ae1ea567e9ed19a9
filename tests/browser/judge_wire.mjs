// judge_wire.mjs - what goes over the wire: answers with their octets, as a browser asks for them, with a person's cookies.
import http from 'node:http';
import zlib from 'node:zlib';
import { machine } from './visitor.mjs';

const agent = new http.Agent({ keepAlive: true, maxSockets: 4 });
const cookie = (who) => Object.entries(machine.people[who] || {}).map(([k, v]) => `${k}=${v}`).join('; ');
const plain = { gzip: zlib.gunzipSync, br: zlib.brotliDecompressSync, deflate: zlib.inflateSync };

// Status, headers, body, and how many octets came: of the compressed body, and with the head. Redirects are not followed.
export function ask(path, who) {
  return new Promise((done, failed) => {
    const headers = { 'Accept-Encoding': 'gzip, deflate, br', Accept: 'text/html,*/*;q=0.8', 'Accept-Language': 'en-GB', 'Sec-Fetch-Site': 'same-origin', ...(cookie(who) && { Cookie: cookie(who) }) };
    http.get(machine.portal + path, { agent, headers }, (answer) => {
      const pieces = [];
      answer.on('data', (piece) => pieces.push(piece));
      answer.on('error', failed);
      answer.on('end', () => {
        const body = Buffer.concat(pieces), head = 15 + answer.rawHeaders.reduce((n, h) => n + Buffer.byteLength(h) + 2, 0) + 4;
        const unpack = plain[answer.headers['content-encoding']];
        done({ status: answer.statusCode, headers: answer.headers, body: (unpack ? unpack(body) : body).toString('utf8'), content: body.length, octets: head + body.length });
      });
    }).on('error', failed);
  });
}

// The same page but for its one-time values.
export const lasting = (html) => html.replace(/(name="(?:csrf|once)"[^>]* value=")[^"]*/g, '$1').replace(/(Reference: )[0-9a-f]+/g, '$1');

// ---- what a page is built of ----

const NAMES = /([\w:-]+)(?:="([^"]*)")?/g;
const KEPT = new Set(['class', 'type', 'name', 'method', 'role', 'scope', 'dir', 'lang', 'autocomplete', 'inputmode', 'aria-current', 'aria-live', 'enctype', 'rel']);
const VOLATILE = /[\w-]{32,}/g;
// Words of one of these lengths are of one kind: the longest decides what sticks out, and the number of them how often a line breaks.
const size = (text) => { const words = text.trim().split(/\s+/).map((w) => w.replace(/&[#\w]+;/g, '.').length); return text.trim() ? `${Math.max(...words) > 24 ? 'L' : 's'}${words.length > 40 ? 'M' : ''}` : ''; };

// Tags, classes, names; of attributes that hold words or addresses the names; of texts that there is one, and whether it is long. What stands
// several times in a row, as the rows of a list do, stands once.
export function skeleton(html) {
  let last, out = html.replace(/<!--.*?-->/gs, '').replace(/<(\/?)(\w+)([^>]*)>|([^<]+)/g, (all, close, tag, attributes, text) => {
    if (text !== undefined) return size(text);
    if (close) return `</${tag}>`;
    const names = [...attributes.matchAll(NAMES)].map(([, name, value]) => (KEPT.has(name) && value !== undefined ? `${name}=${value.replace(VOLATILE, '*')}` : name));
    return `<${tag} ${names.join(' ')}>`;
  });
  for (const tag of ['option', 'td', 'li', 'tr', 'dt', 'dd', 'div', 'rect', 'path', 'g', 'text'])
    do { last = out; out = out.replace(new RegExp(`(<${tag} [^>]*>(?:(?!</?${tag}[ >]).)*</${tag}>)(?:\\1)+`, 'gs'), '$1'); } while (out !== last);
  return out;
}

// The two halves of a page: what it says, and the frame around it, whose menu marks where one is.
export function halves(html) {
  const [main] = html.match(/<main.*<\/main>/s) || [''];
  return [skeleton(main), skeleton(html.replace(main, '<main></main>').replace(/ aria-current="[^"]*"/g, ''))];
}
