/** The site as this machine serves it, what it weighs, and HTML that is not valid. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { spawn } from 'node:child_process';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { invalidHtml } from './checks/html';
import { serveSite } from './server';
import { overweight, weigh } from './weight';

let folder: string;
let site: string;

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'convlab-served-'));
  site = join(folder, 'site');
  mkdirSync(join(site, 'assets/fonts'), { recursive: true });
  writeFileSync(join(folder, 'secret.html'), 'secret');
  const html = '<link rel="stylesheet" href="assets/site.css"><script src="assets/site.js" defer></script>';
  writeFileSync(join(site, 'index.html'), html.padEnd(200));
  writeFileSync(join(site, 'assets/site.css'), '@font-face{src:url(fonts/a.woff2)}'.padEnd(100));
  writeFileSync(join(site, 'assets/site.js'), ' '.repeat(50));
  writeFileSync(join(site, 'assets/fonts/a.woff2'), ' '.repeat(30));
  writeFileSync(join(site, 'assets/digits.bin'), ' '.repeat(1000));
});
after(() => rmSync(folder, { recursive: true, force: true }));

test('a port that cannot be had is said before the site is built', async () => {
  const taken = createServer();
  await new Promise<void>((done) => taken.listen(0, '127.0.0.1', done));
  const { port } = taken.address() as AddressInfo;
  const out = join(folder, 'not yet');
  try {
    for (const [given, expected] of [
      [port, [1, `npm run site: port ${port} is in use; --port names another\n`]],
      [99999, [2, "npm run site: --port is '99999', expected at most 65535\n"]],
    ] as const) {
      const main = ['-r', './scripts/typescript.js', 'scripts/site/main.ts', '--out', out, '--serve'];
      const tool = spawn(process.execPath, [...main, '--port', String(given)], {
        cwd: join(__dirname, '../..'),
      });
      const said = text(tool.stderr);
      const [code] = (await once(tool, 'close')) as [number];
      assert.deepEqual([code, await said], expected);
    }
    assert.ok(!existsSync(out));
  } finally {
    taken.close();
  }
});

test('serves a folder and nothing above it, compressed, with the headers for threads', async () => {
  const server = await serveSite(site);
  try {
    const page = await fetch(server.address);
    assert.equal(page.headers.get('content-encoding'), 'gzip');
    assert.equal(page.headers.get('cross-origin-opener-policy'), 'same-origin');
    assert.equal(page.headers.get('cross-origin-embedder-policy'), 'require-corp');
    assert.match(await page.text(), /^<link/);
    assert.equal((await fetch(`${server.address}assets/digits.bin`)).headers.get('content-encoding'), null);
    for (const path of ['none.html', '..%2fsecret.html', '%2e%2e/secret.html', '%zz', 'assets%00'])
      assert.equal((await fetch(server.address + path)).status, 404, path);
    assert.equal((await fetch(server.address, { method: 'POST' })).status, 405);
  } finally {
    server.close();
  }
});

test('serves without those headers, as most web spaces do', async () => {
  const server = await serveSite(site, { isolated: false });
  try {
    assert.equal((await fetch(server.address)).headers.get('cross-origin-opener-policy'), null);
  } finally {
    server.close();
  }
});

test('other machines do not see it', async (t) => {
  const own = Object.values(networkInterfaces())
    .flat()
    .find((one) => one && !one.internal && one.family === 'IPv4');
  if (own === undefined) return t.skip('this machine is in no network');
  const server = await serveSite(site);
  try {
    const code = await new Promise((done) => {
      const socket = connect(Number(new URL(server.address).port), own.address);
      socket
        .once('connect', () => done('connected'))
        .once('error', (error: NodeJS.ErrnoException) => done(error.code));
    });
    assert.equal(code, 'ECONNREFUSED');
  } finally {
    server.close();
  }
});

test('what loads first is weighed with its fonts, and what is too heavy is told', () => {
  assert.deepEqual(weigh(site), { site: 1380, firstPage: 380 });
  assert.deepEqual(overweight({ site: 29e6, firstPage: 299e3 }), []);
  assert.deepEqual(overweight({ site: 31e6, firstPage: 301e3 }), [
    'the site has 31.0 MB, of 30.0 MB at most',
    'the front page loads 301 KB, of 300 KB at most',
  ]);
});

test('HTML that is not valid is told, with its place', async () => {
  const pages = join(folder, 'pages');
  mkdirSync(pages);
  const page = (body: string) =>
    `<!doctype html>\n<html lang="en"><head><title>A</title></head>\n<body><main>${body}</main></body></html>`;
  writeFileSync(join(pages, 'right.html'), page('<h1>A</h1>'));
  writeFileSync(join(pages, 'wrong.html'), page('<p><div>A</div></p>'));
  const faults = await invalidHtml(pages);
  assert.ok(faults.length > 0);
  for (const fault of faults) assert.match(fault, /^wrong\.html:3: /);
});
