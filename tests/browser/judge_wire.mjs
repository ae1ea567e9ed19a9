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
