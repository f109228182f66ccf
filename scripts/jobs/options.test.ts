import assert from 'node:assert/strict';
import { test } from 'node:test';
import { queueOption } from './options';

test('a queue is that of --queue, else of CONVLAB_QUEUE; set to nothing, it is none', () => {
  const before = process.env.CONVLAB_QUEUE;
  try {
    process.env.CONVLAB_QUEUE = 'redis://everyday:6379';
    assert.equal(queueOption('redis://given:6379'), 'redis://given:6379');
    assert.equal(queueOption(undefined), 'redis://everyday:6379');
    process.env.CONVLAB_QUEUE = '';
    assert.equal(queueOption(undefined), undefined);
    assert.throws(() => queueOption(''), { message: /^the queue is no URL/ });
  } finally {
    if (before === undefined) delete process.env.CONVLAB_QUEUE;
    else process.env.CONVLAB_QUEUE = before;
  }
});
