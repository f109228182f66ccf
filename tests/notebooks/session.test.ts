/** What a runner that is busy itself makes of a kernel's messages. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { parseNotebook } from '../../scripts/notebooks/notebook/notebook';
import { DEFAULT_COMPARE } from '../../scripts/notebooks/result';
import { execute } from '../../scripts/notebooks/run/execute';
import { Kernel } from '../../scripts/notebooks/run/kernel';
import { kernelCommand } from '../../scripts/notebooks/run/kernelspec';
import { CellOutputs } from '../../scripts/notebooks/run/outputs';
import { Session } from '../../scripts/notebooks/run/session';
import { FIXTURES } from './runner';

let kernel: Kernel;
let session: Session;
before(async () => {
  kernel = await Kernel.start(kernelCommand(), FIXTURES, 60);
  session = new Session(kernel, { timeoutSeconds: 60, memoryBytes: 2 ** 32, outputBytes: 2 ** 20 });
  // The compiler is loaded, and the sockets are connected.
  await session.run('const a = 1', new CellOutputs(), 60);
});
after(() => kernel.kill());

/** Keeps this process from looking at anything that arrives. */
function beBusy(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

test('a cell that ended within its limit has not timed out, even if its answer is seen later', async () => {
  const cell = session.run('a + 1', new CellOutputs(), 2);
  beBusy(3000);
  assert.equal((await cell).ok, true);
});

test('what a cell printed before its limit is kept, even if it is seen later', async () => {
  const outputs = new CellOutputs();
  const cell = session.run("console.log('looping');\nfor (;;) {}", outputs, 2);
  beBusy(3000);
  await assert.rejects(cell, /^Error: the cell was still running after 2 s$/);
  assert.equal(outputs.text('stdout'), 'looping\n');
});

test("the wait for pending work is not part of the notebook's time", async () => {
  const own = await Kernel.start(kernelCommand(), FIXTURES, 60);
  try {
    const limits = { timeoutSeconds: 60, memoryBytes: 2 ** 32, outputBytes: 2 ** 20 };
    const source = 'setTimeout(() => undefined, 60_000);';
    const cell = { cell_type: 'code', source, outputs: [], metadata: {} };
    const notebook = parseNotebook('/a.ipynb', JSON.stringify({ nbformat: 4, cells: [cell] }));
    const began = performance.now();
    const { seconds } = await execute(notebook, own, {
      limits,
      compare: 'none',
      compareOptions: DEFAULT_COMPARE,
    });
    // Of the two seconds' wait, however long the cell itself takes.
    assert.ok((performance.now() - began) / 1000 - seconds > 1.5);
  } finally {
    await own.kill();
  }
});

test('a last cell that exceeds the memory limit, which is seen together with its answer', async () => {
  const own = await Kernel.start(kernelCommand(), FIXTURES, 60);
  try {
    const limits = { timeoutSeconds: 60, memoryBytes: 2 ** 32, outputBytes: 2 ** 20 };
    const first = new Session(own, limits);
    await first.run('const kept: Buffer[] = []', new CellOutputs(), 60);
    const memoryBytes = (first.peakMemoryBytes ?? 0) + 50e6;
    first.close();
    const source = 'await new Promise((go) => setTimeout(go, 300));\nkept.push(Buffer.alloc(100e6, 1));\n0;';
    const cell = { cell_type: 'code', source, outputs: [], metadata: {} };
    const notebook = parseNotebook('/a.ipynb', JSON.stringify({ nbformat: 4, cells: [cell] }));
    const { failures } = await execute(notebook, own, {
      limits: { ...limits, memoryBytes },
      compare: 'none',
      compareOptions: DEFAULT_COMPARE,
      onCellStart: () => setTimeout(() => beBusy(1500), 100),
    });
    assert.deepEqual(
      failures.map(({ kind }) => kind),
      ['out of memory'],
    );
  } finally {
    await own.kill();
  }
});

test('errors that a callback throws count as output of the cell that started it', async () => {
  const own = await Kernel.start(kernelCommand(), FIXTURES, 60);
  try {
    const flooded = new Session(own, { timeoutSeconds: 60, memoryBytes: 2 ** 32, outputBytes: 2 ** 20 });
    const source = "setTimeout(() => {\n  throw new Error('no end '.repeat(1e6));\n}, 100);";
    await flooded.run(source, new CellOutputs(), 60);
    await assert.rejects(flooded.settle(10, 60), /^Error: the cell put out more than the limit of 1 MB$/);
  } finally {
    await own.kill();
  }
});

for (const [when, pause, message] of [
  ['before', 1500, 'the cell had not begun after 3 s: code that cell 2 started keeps the kernel busy'],
  ['while', 0, 'the cell was still running after 3 s, or code that cell 2 started keeps the kernel busy'],
] as const) {
  test(`the callback of an earlier cell is named that blocks ${when} a cell runs`, async () => {
    const own = await Kernel.start(kernelCommand(), FIXTURES, 60);
    try {
      const sources = [
        'const a = 1;',
        'setTimeout(() => {\n  for (;;);\n}, 1000);',
        'await new Promise((go) => setTimeout(go, 2000));',
      ];
      const cells = sources.map((source) => ({ cell_type: 'code', source, outputs: [], metadata: {} }));
      Object.assign(cells[2].metadata, { convlab: { timeout: 3 } });
      const notebook = parseNotebook('/a.ipynb', JSON.stringify({ nbformat: 4, cells }));
      const { failures } = await execute(notebook, own, {
        limits: { timeoutSeconds: 60, memoryBytes: 2 ** 32, outputBytes: 2 ** 20 },
        compare: 'none',
        compareOptions: DEFAULT_COMPARE,
        onCellStart: ({ number }) => number === 3 && beBusy(pause),
      });
      assert.deepEqual(failures, [{ kind: 'timeout', message, cell: 3, detail: undefined }]);
    } finally {
      await own.kill();
    }
  });
}
