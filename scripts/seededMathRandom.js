// @ts-check
'use strict';
/**
 * Loaded before every test: `Math.random` gives the same numbers in every run, since TensorFlow.js draws the weights of
 * a layer without a seed from it, and a failure that depends on them could not be repeated. TEST_SEED=2 draws others.
 *
 * The generator is mulberry32 (Tommy Ettinger, public domain).
 */
let state = Number(process.env.TEST_SEED ?? 1) >>> 0;

Math.random = () => {
  state = (state + 0x6d2b79f5) >>> 0;
  let bits = Math.imul(state ^ (state >>> 15), state | 1);
  bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
  return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
};
