import assert from 'node:assert/strict';
import { test } from 'node:test';
import { respelt, wordsOf } from './spelling';

const COURSE = [
  'the',
  'convolution',
  'kernel',
  'gradient',
  'pooling',
  'dead',
  'relu',
  'field',
  'conv1',
  '28',
  'so',
  'b',
];

test('words are in lower case, without accents, and taken apart where a capital begins', () => {
  assert.deepEqual(wordsOf('A naïve sigmoidGrad: 28 × 28, cross-entropy.'), [
    'a', 'naive', 'sigmoidgrad', 'sigmoid', 'grad', '28', '28', 'cross', 'entropy',
  ]); // prettier-ignore
});

test('what occurs stays as it was typed, also half a word, another form of it, and a phrase', () => {
  for (const typed of ['Kernel', 'convol', 'c', 'pooled', 'gradients', '28 × 28', '"dead ReLU"', '× –', ''])
    assert.equal(respelt(typed, COURSE), typed);
});

test('a long word may have one slip', () => {
  const slips = ['convlution', 'convollution', 'convolutiom', 'convolutoin', 'onvolution'];
  for (const typed of slips) assert.equal(respelt(typed, COURSE), 'convolution');
  assert.equal(respelt('kernal feild', COURSE), 'kernel field');
});

test('a word that occurs nowhere is not replaced by a short or a distant one', () => {
  for (const typed of ['xyzzy', 'banana', 'dead xyzzy', 'solver', 'dxad', 'convo1', '281', 'convulutoin'])
    assert.equal(respelt(typed, COURSE), undefined, typed);
});
