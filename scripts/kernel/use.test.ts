import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { after, before, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { settled } from './use';

const LATER_MS = 300;
/** More than is needed, so that what is not waited for does not pass by chance. */
const SECONDS = 10;

// Keeps the process alive, as its sockets do a kernel's.
const idle = createServer();
before(() => void idle.listen(0, '127.0.0.1'));
after(() => void idle.close());

test("waits for a worker's message", async () => {
  let said: unknown;
  const code = `setTimeout(() => require('node:worker_threads').parentPort.postMessage('done'), ${LATER_MS})`;
  new Worker(code, { eval: true }).on('message', (message: unknown) => (said = message));
  await settled(SECONDS);
  assert.equal(said, 'done');
});

test('waits for a worker whose messages nobody listens to', async () => {
  let said: unknown;
  const code = `setTimeout(() => { throw new Error('too late') }, ${LATER_MS})`;
  const worker = new Worker(code, { eval: true }).on('error', (error) => (said = error.message));
  await once(worker, 'online');
  await settled(SECONDS);
  assert.equal(said, 'too late');
});

test('waits for the end of a child process', async () => {
  let code: unknown;
  execFile(process.execPath, ['-e', `setTimeout(() => process.exit(3), ${LATER_MS})`], (error) => {
    code = error?.code;
  });
  await settled(SECONDS);
  assert.equal(code, 3);
});

test('waits for the answer of a server', async () => {
  const code = `
    const answer = (_, response) => setTimeout(() => response.end('late'), ${LATER_MS});
    require('node:http').createServer(answer).listen(0, '127.0.0.1', function () {
      console.log(this.address().port);
    });`;
  const server = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = (await once(server.stdout, 'data')) as [Buffer];
  // Otherwise this process itself would be waited for.
  server.unref();
  let text: unknown;
  void fetch(`http://127.0.0.1:${String(port).trim()}`, { headers: { connection: 'close' } })
    .then((response) => response.text())
    .then((answer) => (text = answer));
  await settled(SECONDS);
  server.kill();
  assert.equal(text, 'late');
});
