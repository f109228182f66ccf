import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ceilings, compileCeilings, WORKING_SETS } from './rooflineCeilings';

test('every loop runs on a thread of its own, and tells how much it has done', async () => {
  const ceilings = new Ceilings(1, compileCeilings(), false);
  try {
    await ceilings.warmUp();
    await ceilings.round();
    const all = ceilings.all();
    assert.deepEqual(
      all.map(([{ kind }]) => kind),
      ['multiplyAdds', 'quotients', ...WORKING_SETS.map(() => 'bytes'), 'barriers'],
    );
    for (const [loop, rates] of all) {
      assert.equal(rates.length, 1);
      assert.ok(rates[0] > 0 && rates[0] < Infinity, `${loop.kind}: ${rates[0]}`);
    }
    const largest = WORKING_SETS[WORKING_SETS.length - 1];
    assert.equal(ceilings.bytesAt(1), ceilings.highest({ kind: 'bytes', workingSet: WORKING_SETS[0] }));
    assert.equal(ceilings.bytesAt(2 * largest), ceilings.highest({ kind: 'bytes', workingSet: largest }));
  } finally {
    await ceilings.end();
  }
});
