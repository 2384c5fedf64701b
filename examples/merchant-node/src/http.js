/** HTTP as this shop uses it: a client that waits no longer than told, and bounded servers. */

import http from 'node:http';
import https from 'node:https';

/** No message of gateway.do or of the runner is longer. */
const LONGEST = 1 << 20;
/** How long a server waits for the rest of a request. */
const PATIENCE = 30_000;

/** @typedef {{ status: number, body: Buffer }} Answer */

/**
 * Sends a request and answers what came back in time; null where nothing whole did. Each request
 * has a connection of its own, so that one that was cut off is silence and nothing else.
 *
 * @param {URL} url
 * @param {{ method?: string, headers?: Record<string, string>, body?: string, ca?: string,
 *   onTrouble?: (error: Error) => void }} request Is told why there is no answer.
 * @param {number} limit In milliseconds.
 * @returns {Promise<Answer | null>}
 */
export function exchange(url, { method = 'GET', headers = {}, body, ca, onTrouble }, limit) {
  return new Promise((resolve) => {
    const client = url.protocol === 'https:' ? https : http;
    const all = { 'user-agent': 'merchant-node/1.0', ...headers };
    if (body !== undefined) all['content-length'] = String(Buffer.byteLength(body));
    const request = client.request(url, { method, headers: all, agent: false, ca });
    const timer = setTimeout(() => request.destroy(new Error('too late')), limit);
    const end = (answer) => {
      clearTimeout(timer);
      resolve(answer);
    };
    request.on('error', (error) => {
      onTrouble?.(error);
      end(null);
    });
    request.on('response', (response) => {
      const chunks = [];
      let length = 0;
      response.on('data', (chunk) => {
        chunks.push(chunk);
        length += chunk.length;
        if (length > LONGEST) request.destroy(new Error('too long'));
      });
      // One that was cut off has no end.
      response.on('end', () => {
        end({ status: response.statusCode, body: Buffer.concat(chunks) });
      });
      response.on('error', () => end(null));
      response.on('close', () => end(null));
    });
    request.end(body);
  });
}

/** Reads the body of a request; null where it is too long or cut off. */
function readBody(request) {
  return new Promise((resolve) => {
    const chunks = [];
    let length = 0;
    request.on('data', (chunk) => {
      length += chunk.length;
      if (length <= LONGEST) chunks.push(chunk);
    });
    request.on('end', () => resolve(length <= LONGEST ? Buffer.concat(chunks) : null));
    request.on('error', () => resolve(null));
  });
}

/**
 * What a server is asked, and what it answers.
 *
 * @typedef {{ method: string, url: URL, body: Buffer }} Asked
 * @typedef {{ status: number, type: string, body: string }} Reply
 */

/**
 * Serves on a port, 0 for a free one.
 *
 * @param {{ host: string, port: number }} place
 * @param {(asked: Asked) => Promise<Reply> | Reply} reply
 * @returns {Promise<import('node:http').Server>}
 */
export function serve({ host, port }, reply) {
  const server = http.createServer({ requestTimeout: PATIENCE }, async (request, response) => {
    const body = await readBody(request);
    let answer = { status: 413, type: 'text/plain', body: 'the request is too long' };
    if (body !== null) {
      try {
        const url = new URL(request.url, 'http://shop.invalid');
        answer = await reply({ method: request.method, url, body });
      } catch (error) {
        console.error(error);
        answer = { status: 500, type: 'text/plain', body: 'the shop made a mistake' };
      }
    }
    response.writeHead(answer.status, { 'content-type': answer.type });
    response.end(answer.body);
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });
}
