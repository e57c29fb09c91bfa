// A scripted server that speaks section 10 of docs/contracts.md, for looking at the pages without the platform.
// Serves dist/ with the gateway's headers. Never shipped.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { api, state } from './api.mjs';
import { connection } from './notebook.mjs';

const dist = join(fileURLToPath(import.meta.url), '../../../dist');
const port = Number(process.env.PORT ?? 8701);
const POLICY =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; frame-src 'self' blob: data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

const server = createServer(async (req, res) => {
  const url = new URL(req.url, 'http://x');
  if (url.pathname.startsWith('/api/')) return api(req, res, url);
  let file = normalize(join(dist, url.pathname));
  if (!file.startsWith(dist) || extname(file) === '' || !existsSync(file)) {
    if (url.pathname.startsWith('/assets/')) {
      res.writeHead(404).end();
      return;
    }
    file = join(dist, 'index.html');
  }
  res.writeHead(200, {
    'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
    'Content-Security-Policy': POLICY,
    'X-Content-Type-Options': 'nosniff',
  });
  res.end(readFileSync(file));
});

// The few lines of RFC 6455 that a development server needs: unfragmented text frames.
server.on('upgrade', (req, socket) => {
  if (!state.signedIn(req)) return socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
  const accept = createHash('sha1')
    .update(`${req.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  socket.setNoDelay(true);
  const client = connection((frame) => send(socket, JSON.stringify(frame)));
  state.sockets.add(socket);
  let rest = Buffer.alloc(0);
  socket.on('data', (data) => {
    rest = Buffer.concat([rest, data]);
    for (let frame = parse(rest); frame; frame = parse(rest)) {
      rest = rest.subarray(frame.length);
      if (frame.opcode === 1) client.receive(JSON.parse(frame.payload.toString()));
      else if (frame.opcode === 8) socket.end();
    }
  });
  const closed = () => {
    state.sockets.delete(socket);
    client.close();
  };
  socket.on('close', closed);
  socket.on('error', closed);
});

function parse(buffer) {
  if (buffer.length < 2) return null;
  let size = buffer[1] & 127;
  let at = 2;
  if (size === 126) {
    if (buffer.length < 4) return null;
    size = buffer.readUInt16BE(2);
    at = 4;
  } else if (size === 127) {
    if (buffer.length < 10) return null;
    size = Number(buffer.readBigUInt64BE(2));
    at = 10;
  }
  if (buffer.length < at + 4 + size) return null;
  const mask = buffer.subarray(at, at + 4);
  const payload = Buffer.from(buffer.subarray(at + 4, at + 4 + size).map((b, i) => b ^ mask[i % 4]));
  return { opcode: buffer[0] & 15, payload, length: at + 4 + size };
}

function send(socket, text) {
  const payload = Buffer.from(text);
  const head =
    payload.length < 126
      ? Buffer.from([0x81, payload.length])
      : payload.length < 65536
        ? Buffer.from([0x81, 126, payload.length >> 8, payload.length & 255])
        : Buffer.alloc(10);
  if (payload.length >= 65536) {
    head[0] = 0x81;
    head[1] = 127;
    head.writeBigUInt64BE(BigInt(payload.length), 2);
  }
  if (socket.writable) socket.write(Buffer.concat([head, payload]));
}

server.listen(port, '127.0.0.1', () => console.log(`http://127.0.0.1:${port}  user admin, password admin`));
