import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { decode, encode, RefusedMessage } from './protocol';

const KEY = 'a key';
const buffers = (frames: readonly (Buffer | string)[]) => frames.map((frame) => Buffer.from(frame));

test('an encoded message can be decoded, and is signed as the protocol requires', () => {
  const { id, frames } = encode(KEY, 'session', 'execute_request', { code: 'π' });
  const [delimiter, signature, ...parts] = buffers(frames);
  assert.equal(delimiter.toString(), '<IDS|MSG>');
  const hmac = createHmac('sha256', KEY).update(Buffer.concat(parts)).digest('hex');
  assert.equal(signature.toString(), hmac);
  const message = decode(KEY, [Buffer.from('routing prefix'), ...buffers(frames)]);
  assert.deepEqual(message, {
    type: 'execute_request',
    id,
    parent: '',
    content: { code: 'π' },
    metadata: {},
  });
});

test('refused: another key, changed content, a shorter signature, missing parts', () => {
  const { frames } = encode(KEY, 'session', 'status', { execution_state: 'idle' });
  const changed = (at: number, text: string) =>
    buffers(frames).map((frame, i) => (i === at ? Buffer.from(text) : frame));
  for (const bad of [
    changed(5, '{"execution_state":"busy"}'),
    changed(1, 'abc'),
    changed(1, ''),
    buffers(frames).slice(0, 4),
    [],
  ]) {
    assert.throws(() => decode(KEY, bad), RefusedMessage);
  }
  assert.throws(() => decode('another key', buffers(frames)), /wrong signature/);
});
