import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { header, pack, RefusedMessage, unpack } from './wire';

const KEY = 'a key';
const message = {
  identities: [Buffer.from('routing prefix')],
  header: header('execute_request', 'session', 'user'),
  parent: {},
  metadata: {},
  content: { code: 'π' },
};
const frames = pack(KEY, message).map((frame) => Buffer.from(frame));

test('a packed message can be unpacked, and is signed as the protocol requires', () => {
  const [prefix, delimiter, signature, ...parts] = frames;
  assert.deepEqual([prefix.toString(), delimiter.toString()], ['routing prefix', '<IDS|MSG>']);
  const hmac = createHmac('sha256', KEY).update(Buffer.concat(parts)).digest('hex');
  assert.equal(signature.toString(), hmac);
  assert.deepEqual(unpack(KEY, frames), message);
});

test('refused: another key, changed content, a shorter signature, missing parts', () => {
  const changed = (at: number, text: string) =>
    frames.map((frame, i) => (i === at ? Buffer.from(text) : frame));
  for (const bad of [changed(6, '{"code":"e"}'), changed(2, 'abc'), changed(2, ''), frames.slice(0, 5), []]) {
    assert.throws(() => unpack(KEY, bad), RefusedMessage);
  }
  assert.throws(() => unpack('another key', frames), /wrong signature/);
});
