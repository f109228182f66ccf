import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openWindow } from './index';
import type { Figure } from './index';

/** A script that opens a window, in a separate process without a browser. */
function script(seconds: number, environment: Record<string, string>) {
  const source = `
    const { openWindow, matrix } = require(${JSON.stringify(join(__dirname, 'index'))});
    openWindow(matrix([[1, 2], [3, 4]], { title: 'Window' }), { seconds: ${seconds} })
      .then((seen) => console.log('seen: ' + seen), (error) => console.log(error.message));`;
  const child = spawn(process.execPath, ['-r', 'ts-node/register/transpile-only', '-e', source], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += String(text)));
  return { child, ended: once(child, 'close').then(([code]) => ({ code: code as number, output })) };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The text at an address, once a server answers there. */
async function textAt(address: string, request?: RequestInit): Promise<string> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await (await fetch(address, request)).text();
    } catch (error) {
      if (attempt === 400) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

test('without a browser the script continues and ends, with a warning', async () => {
  const empty = mkdtempSync(join(tmpdir(), 'convlab-window-'));
  const { code, output } = await script(2, { PATH: empty, NODEPLOTLIB_PORT: '' }).ended;
  assert.equal(code, 0);
  assert.match(output, /seen: false/);
  assert.match(output, /openWindow: no browser came within 2 s; toSvg\(figure\) gives a picture/);
});

/** The addresses on which any process listens at this port, as Linux lists them: 127.0.0.1 is 0100007F. */
function listeningSockets(port: number): string[] {
  return ['/proc/net/tcp', '/proc/net/tcp6']
    .filter((file) => existsSync(file))
    .flatMap((file) => readFileSync(file, 'utf8').trim().split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => state === '0A' && parseInt(local.split(':')[1], 16) === port)
    .map(([, local]) => local.split(':')[0]);
}

/** Throws if another machine could connect to this port. */
async function assertOnlyHere(port: number): Promise<void> {
  if (process.platform === 'linux') assert.deepEqual(listeningSockets(port), ['0100007F']);
  const addresses = Object.values(networkInterfaces())
    .flatMap((all = []) => all)
    // A link-local address would need the name of its interface.
    .filter(({ internal, scopeid }) => !internal && !scopeid);
  for (const { address } of addresses) {
    const reached = await new Promise((resolve) => {
      const socket = connect({ port, host: address, timeout: 2000 });
      const done = (answered: boolean) => {
        socket.destroy();
        resolve(answered);
      };
      socket.once('connect', () => done(true));
      socket.once('error', () => done(false));
      socket.once('timeout', () => done(false));
    });
    assert.equal(reached, false, `port ${port} answers at ${address}`);
  }
}

test('a browser gets the figure and Plotly from this machine; the script ends, and the server ends with the window', async () => {
  const port = await freePort();
  const { ended } = script(60, { NODEPLOTLIB_PORT: String(port) });
  const site = `http://localhost:${port}`;

  const page = await textAt(site);
  assert.deepEqual(
    page.match(/https?:\/\/(?!www\.w3\.org)[^"') ]+/g),
    null,
    'the page needs no other machine',
  );
  assert.match(page, /src="\/plotly\.js"/);
  await assertOnlyHere(port);
  assert.match((await textAt(`${site}/plotly.js`)).slice(0, 200), /plotly\.js/);

  // What nodeplotlib's page does: socket.io over long polling.
  const poll = `${site}/socket.io/?EIO=4&transport=polling`;
  const { sid } = JSON.parse((await textAt(poll)).slice(1)) as { sid: string };
  const say = (body: string): Promise<string> => textAt(`${poll}&sid=${sid}`, { method: 'POST', body });
  const hear = (): Promise<string> => textAt(`${poll}&sid=${sid}`);
  await say('40');
  await hear();
  await say('42["readplots"]');
  const [name, plot] = JSON.parse((await hear()).slice(2)) as [
    string,
    Figure & { data: { z: number[][] }[] },
  ];
  assert.equal(name, 'plotdata');
  assert.deepEqual(plot.data[0].z, [
    [1, 2],
    [3, 4],
  ]);

  const { code, output } = await ended;
  assert.equal(code, 0);
  assert.match(output, /seen: true/);
  assert.doesNotMatch(output, /Nodeplotlib|Nest/, 'no log of the server in the script’s output');

  await textAt(site); // The script has ended, the window is still served …
  await say('1');
  for (let i = 0; i < 400; i++) {
    const answers = await fetch(site).then(
      () => true,
      () => false,
    );
    if (!answers) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail('… but the server outlives the window');
});

test('a port in use is reported as an error', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const { output } = await script(60, { NODEPLOTLIB_PORT: String(port) }).ended;
  server.close();
  assert.match(output, /openWindow: .*EADDRINUSE/);
});

test('wrong input is refused', async () => {
  await assert.rejects(openWindow({} as Figure), /TypeError: openWindow: figure is \{\}, expected a figure/);
  const figure: Figure = { data: [], layout: {}, description: '' };
  await assert.rejects(openWindow(figure, { seconds: 0 }), /RangeError: openWindow: seconds is 0/);
});
