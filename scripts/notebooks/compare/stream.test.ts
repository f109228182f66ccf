import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolveTerminal, stripEscapes } from './stream';

test('a carriage return restarts the line, and the rest of a longer line stays', () => {
  assert.equal(resolveTerminal('epoch 1\repoch 2\repoch 3\ndone'), 'epoch 3\ndone');
  assert.equal(resolveTerminal('100 %\r5'), '500 %');
  assert.equal(resolveTerminal('a\r\nb\r\r\n'), 'a\nb\n');
});

test('a backspace steps back, but never beyond the line', () => {
  assert.equal(resolveTerminal('abc\b\bX'), 'aXc');
  assert.equal(resolveTerminal('a\n\b\bb'), 'a\nb');
});

test('colours are removed, text that only looks like them stays', () => {
  assert.equal(stripEscapes('\x1b[31merror\x1b[0m: [31m'), 'error: [31m');
  assert.equal(stripEscapes('\x1b]8;;https://x.org\x07link\x1b]8;;\x07'), 'link');
  assert.equal(stripEscapes('\x1b[31mloss 0.97\x07, \x1b[0mdone\x07'), 'loss 0.97, done');
  assert.equal(resolveTerminal('\x1b[1;32m0.5\x1b[39m'), '0.5');
});

test('erasing a line erases it', () => {
  assert.equal(resolveTerminal('loading 99 %\r\x1b[Kdone'), 'done');
  assert.equal(resolveTerminal('loading\x1b[2K\rok'), 'ok');
});

test('characters outside of the basic plane are one character', () => {
  assert.equal(resolveTerminal('🙂🙂\r😀'), '😀🙂');
});
