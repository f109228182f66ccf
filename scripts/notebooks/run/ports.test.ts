import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { freePorts, listening } from './ports';

test('free ports differ, and a listener on one is noticed', async () => {
  const ports = await freePorts(5);
  assert.equal(new Set(ports).size, 5);
  let heard = false;
  const waiting = listening([ports[0]], () => false).then(() => (heard = true));
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(heard, false);
  const server = createServer().listen(ports[0], '127.0.0.1');
  await waiting;
  assert.equal(heard, true);
  server.close();
  await listening([ports[1]], () => true);
});
