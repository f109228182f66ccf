import assert from 'node:assert/strict';
import { test } from 'node:test';
import { models } from 'convlab';
import type { Recipe } from './experiments';
import { fingerprint } from './fingerprint';

const recipe: Recipe = { name: 'plain', epochs: 10, batchSize: 32, learningRate: 1e-3 };
const small = ({ seed }: { seed: number }) => models.denseNetwork({ seed, hidden: [4] });

test('a fingerprint tells recipes and networks apart, and is the same again for the same ones', async () => {
  const prints = await Promise.all([
    fingerprint({ model: small, recipe }),
    fingerprint({ model: small, recipe: { ...recipe, weightDecay: 0.1 } }),
    fingerprint({ model: small, recipe: { ...recipe, average: { decay: 0.9, every: 10 } } }),
    fingerprint({ model: small, recipe: { ...recipe, augment: { shift: 1 } } }),
    fingerprint({ model: ({ seed }) => models.denseNetwork({ seed, hidden: [5] }), recipe }),
    fingerprint({ model: () => models.denseNetwork({ seed: 2, hidden: [4] }), recipe }),
  ]);
  assert.equal(new Set(prints).size, prints.length);
  assert.equal(await fingerprint({ model: small, recipe }), prints[0]);
});

test('it does not depend on how long the recipe trains', async () => {
  const [ten, three] = [{ ...recipe }, { ...recipe, epochs: 3 }];
  assert.equal(
    await fingerprint({ model: small, recipe: ten }),
    await fingerprint({ model: small, recipe: three }),
  );
});
