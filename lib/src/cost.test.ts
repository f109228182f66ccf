import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { convCost, denseCost, poolCost } from './cost';

describe('costs', () => {
  test('of the classic network add up to 30,840 parameters', () => {
    const conv1 = convCost({ input: [28, 28, 1], kernel: 5, filters: 10, padding: 1 });
    const pool1 = poolCost({ input: conv1.output, size: 2 });
    const conv2 = convCost({ input: pool1.output, kernel: 5, filters: 20, padding: 1 });
    const pool2 = poolCost({ input: conv2.output, size: 2 });
    const fc1 = denseCost({ inputs: pool2.output.reduce((a, b) => a * b), outputs: 50 });
    const fc2 = denseCost({ inputs: 50, outputs: 10 });
    assert.deepEqual(pool2.output, [5, 5, 20]);
    const layers = [conv1, pool1, conv2, pool2, fc1, fc2];
    assert.deepEqual(
      layers.map((layer) => layer.parameters),
      [260, 0, 5020, 0, 25050, 510],
    );
    assert.deepEqual(
      layers.map((layer) => layer.multiplyAdds),
      [26 * 26 * 250, 0, 11 * 11 * 5000, 0, 25000, 500],
    );
    assert.equal(pool1.reads, 13 * 13 * 10 * 4);
  });

  test('of textbook examples: 3,072 and 120,000 weights per neuron', () => {
    assert.equal(denseCost({ inputs: 32 * 32 * 3, outputs: 1, bias: false }).parameters, 3072);
    assert.equal(denseCost({ inputs: 200 * 200 * 3, outputs: 1, bias: false }).parameters, 120000);
    assert.equal(convCost({ input: [9, 9, 3], kernel: [3, 2], filters: 4, bias: false }).parameters, 72);
  });

  test('refuse sizes that are not whole', () => {
    assert.throws(() => denseCost({ inputs: 0.5, outputs: 1 }), /denseCost: inputs is 0.5, expected/);
    assert.throws(() => convCost({ input: [9, 9, 0], kernel: 3, filters: 1 }), /convCost: input\[2\]/);
  });
});
