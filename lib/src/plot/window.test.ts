import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { matrix, openWindow } from './index';
import type { Figure } from './index';

/** A script that opens a window, in a separate process without a browser. @param figure its source: what is shown */
function windowScript(
  seconds: number,
  environment: Record<string, string>,
  figure = "matrix([[1, 2], [3, 4]], { title: 'Window' })",
) {
  const source = `
    const { openWindow, matrix } = require(${JSON.stringify(join(__dirname, 'index'))});
    openWindow(${figure}, { seconds: ${seconds} })
      .then((seen) => console.log('seen: ' + seen), (error) => console.log(error.message));`;
  const child = spawn(process.execPath, ['-r', 'ts-node/register/transpile-only', '-e', source], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => (output += String(text)));
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

/** What nodeplotlib's page does: socket.io over long polling. */
class Page {
  private constructor(private readonly poll: string) {}

  static async open(site: string): Promise<Page> {
    const poll = `${site}/socket.io/?EIO=4&transport=polling`;
    const { sid } = JSON.parse((await textAt(poll)).slice(1)) as { sid: string };
    const page = new Page(`${poll}&sid=${sid}`);
    await page.say('40');
    await page.hear();
    await page.say('42["readplots"]');
    return page;
  }

  say(body: string): Promise<string> {
    return textAt(this.poll, { method: 'POST', body });
  }

  private hear(): Promise<string> {
    return textAt(this.poll);
  }

  /** The next figures; several messages may come at once, separated by a control character. */
  async plots(): Promise<{ data: { z: number[][] }[]; layout: Record<string, unknown> }[]> {
    for (;;) {
      const messages = (await this.hear()).split('\x1e').filter((message) => message.startsWith('42'));
      if (messages.length > 0) return messages.map((message) => (JSON.parse(message.slice(2)) as never[])[1]);
      await this.say('3');
    }
  }
}

test('without a browser the script continues and ends, with a warning', async () => {
  const empty = mkdtempSync(join(tmpdir(), 'convlab-window-'));
  const { code, output } = await windowScript(2, { PATH: empty, NODEPLOTLIB_PORT: '' }).ended;
  assert.equal(code, 0);
  assert.match(output, /seen: false/);
  assert.match(output, /openWindow: open http:\/\/localhost:\d+ in a browser within 2 s/);
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
  const { ended } = windowScript(60, { NODEPLOTLIB_PORT: String(port) });
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

  const script = await textAt(`${site}/main.js`);
  assert.doesNotMatch(script, /responsive:!0|autosize:!0/, 'figures keep their size');

  const client = await Page.open(site);
  const [plot] = await client.plots();
  assert.deepEqual(plot.data[0].z, [
    [1, 2],
    [3, 4],
  ]);

  const { code, output } = await ended;
  assert.equal(code, 0);
  assert.match(output, /seen: true/);
  assert.doesNotMatch(output, /Nodeplotlib|Nest/, 'no log of the server in the script’s output');

  await textAt(site); // The script has ended, the window is still served …
  await client.say('1');
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

test('the figures of a stream follow one another in the window, each with its own layout', async () => {
  const port = await freePort();
  const stream = `new (require('rxjs').Observable)((observer) => {
    observer.next(matrix([[1]], { title: 'First' }));
    process.on('message', () => {
      observer.next(matrix([[2]], { title: 'Second' }));
      observer.complete();
      process.disconnect();
    });
  })`;
  const { child, ended } = windowScript(60, { NODEPLOTLIB_PORT: String(port) }, stream);
  const page = await Page.open(`http://localhost:${port}`);
  const title = ({ layout }: { layout: Record<string, unknown> }) =>
    (layout.annotations as { text: string }[])[0].text.replace(/<[^>]*>/g, '');
  assert.deepEqual((await page.plots()).map(title), ['First']);
  child.send('next');
  assert.deepEqual((await page.plots()).map(title), ['Second']);
  const { code, output } = await ended;
  assert.equal(code, 0);
  assert.match(output, /seen: true/);
  await page.say('1');
});

test('a stream without end keeps no script alive that nobody looks at', async () => {
  const empty = mkdtempSync(join(tmpdir(), 'convlab-window-'));
  const stream = `{ subscribe(observer) {
    observer.next(matrix([[1]]));
    return { unsubscribe: () => console.log('unsubscribed') };
  } }`;
  const { code, output } = await windowScript(2, { PATH: empty, NODEPLOTLIB_PORT: '' }, stream).ended;
  assert.equal(code, 0);
  assert.match(output, /unsubscribed/);
});

test('an error of the stream is an error of openWindow', async () => {
  const stream = `require('rxjs').throwError(() => new Error('of the stream'))`;
  const { output } = await windowScript(60, { PATH: '', NODEPLOTLIB_PORT: '' }, stream).ended;
  assert.match(output, /^of the stream/);
});

test('a port in use is reported as an error', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const { output } = await windowScript(60, { NODEPLOTLIB_PORT: String(port) }).ended;
  server.close();
  assert.match(output, /openWindow: .*EADDRINUSE/);
});

test('wrong input is refused', async () => {
  await assert.rejects(openWindow({} as Figure), /TypeError: openWindow: figure is \{\}, expected a figure/);
  await assert.rejects(openWindow(matrix([[1]]), { seconds: 0 }), /RangeError: openWindow: seconds is 0/);
});
