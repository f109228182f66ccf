import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseNotebook, type Item } from '../notebook/notebook';
import { withOtherSeeds } from './seeds';

function item(name: string, source: string): Item {
  const cell = { cell_type: 'code', source, outputs: [], metadata: { tags: ['parameters'] } };
  const notebook = parseNotebook(`/${name}`, JSON.stringify({ nbformat: 4, cells: [cell] }));
  return { path: name, notebook };
}

const injected = (items: readonly Item[]) =>
  items.map((item) => [item.path, 'injected' in item ? item.injected : undefined]);

test('each notebook runs with other values of its seed, or with other lists as long as its own', () => {
  const items = [
    item('a', 'const epochs = 1;\nconst seed: number = 1;'),
    item('b', 'let seeds = [1, 2, 3];'),
    item('c', 'const epochs = 1;'),
  ];
  assert.deepEqual(injected(withOtherSeeds(items, 2, new Map([['epochs', '2']]))), [
    ['a, seed 11', 'const epochs = 2;\nconst seed: number = 11;'],
    ['a, seed 21', 'const epochs = 2;\nconst seed: number = 21;'],
    ['b, seeds [11, 12, 13]', 'let seeds = [11,12,13];'],
    ['b, seeds [21, 22, 23]', 'let seeds = [21,22,23];'],
  ]);
});

test('without a seed anywhere there is nothing to find out', () => {
  assert.throws(() => withOtherSeeds([item('c', 'const epochs = 1;')], 5, new Map()), {
    message: 'no notebook declares seed or seeds',
  });
});
