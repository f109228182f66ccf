/** The exact text that a learner reads when something goes wrong, in JupyterLab and in the runner's report. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { one, TestKernel, type Content } from './client';

describe('what a learner reads', () => {
  let kernel: TestKernel;
  /** Numbers of the cells whose functions are called below. */
  let checks: number;
  let layers: number;

  before(async () => {
    kernel = await TestKernel.start();
    await kernel.run(
      `import { conv2d, conv2dGrad, imageFromRows, kernelFromRows, maxPool2d, ndarray, outputSize } from 'convlab';
      const image = imageFromRows([[1, 2, 3], [4, 5, 6], [7, 8, 9]]);
      const kernel = kernelFromRows([[1, 0], [0, 1]]);
      const twoChannels = ndarray([[[[1], [2]]]]);`,
    );
    const check = await kernel.run(
      [
        'function check(size: number) {',
        "  if (size % 2 === 0) throw new RangeError('kernel size is even');",
        '}',
      ].join('\n'),
    );
    checks = check.reply.content.execution_count as number;
    const layer = await kernel.run('const layer = (x: any, k: any) => {\n  return conv2d(x, k);\n};');
    layers = layer.reply.content.execution_count as number;
  });
  after(() => kernel.close());

  const textOf = ({ traceback }: Content) => (traceback as string[]).join('\n');

  const plain = (text: string) => text.replace(/\x1b\[\d+m/g, '');

  /** The text of the error that this cell ends with, without colours. */
  async function read(...lines: string[]): Promise<string> {
    return plain(textOf(one(await kernel.run(lines.join('\n')), 'error')));
  }

  async function reads(code: readonly string[], expected: readonly string[]): Promise<void> {
    assert.equal(await read(...code), expected.join('\n'));
  }

  test('a throw: name and message, then the marked line among its neighbours', () =>
    reads(
      [
        'const sizes = [3, 4];',
        '',
        'for (const size of sizes) {',
        "  if (size === 4) throw new RangeError('size is even');",
        '}',
        '',
        '// the end',
      ],
      [
        'RangeError: size is even',
        '  2 │ ',
        '  3 │ for (const size of sizes) {',
        "▸ 4 │   if (size === 4) throw new RangeError('size is even');",
        '    │                         ^',
        '  5 │ }',
        '  6 │ ',
      ],
    ));

  test('name and mark are red', async () => {
    const text = textOf(one(await kernel.run("throw new RangeError('no')"), 'error'));

    assert.match(text, /^\x1b\[31m\x1b\[1mRangeError\x1b\[22m\x1b\[39m/);

    assert.match(text, /\x1b\[31m▸\x1b\[39m 1/);
  });

  test('a throw in a function of an earlier cell: both places, the cell by its number', () =>
    reads(
      ['const size = 4;', 'check(size);'],
      [
        'RangeError: kernel size is even',
        '  1 │ const size = 4;',
        '▸ 2 │ check(size);',
        '    │ ^',
        `check, in cell ${checks}, line 2: if (size % 2 === 0) throw new RangeError('kernel size is even');`,
      ],
    ));

  test('a bad call into convlab: one line for it', () =>
    reads(
      ['const wide = twoChannels;', '', 'conv2d(image, wide);'],
      [
        'RangeError: conv2d: kernel has 2 input channels, x has 1',
        '  1 │ const wide = twoChannels;',
        '  2 │ ',
        '▸ 3 │ conv2d(image, wide);',
        '    │ ^',
        'conv2d, called in line 3',
      ],
    ));

  test('a bad call into convlab by a function of an earlier cell', () =>
    reads(
      ['layer(image, twoChannels);'],
      [
        'RangeError: conv2d: kernel has 2 input channels, x has 1',
        '▸ 1 │ layer(image, twoChannels);',
        '    │ ^',
        `conv2d, called in cell ${layers}, line 2`,
        `layer, in cell ${layers}, line 2: return conv2d(x, k);`,
      ],
    ));

  test('a bad call into convlab that is awaited', async () => {
    const text = await read(
      "import { train } from 'convlab';",
      'const model = {} as any;',
      'await train(model, {} as any);',
    );
    assert.match(text, /^TypeError: train: model is /);
    assert.match(text, /▸ 3 │ await train\(model, \{\} as any\);/);
    assert.match(text, /\ntrain, called in line 3$/);
  });

  test('a rejected await', () =>
    reads(
      [
        'const load = async () => {',
        '  await null;',
        "  throw new Error('no digits');",
        '};',
        'await load();',
      ],
      [
        'Error: no digits',
        '  1 │ const load = async () => {',
        '  2 │   await null;',
        "▸ 3 │   throw new Error('no digits');",
        '    │         ^',
        '  4 │ };',
        '  5 │ await load();',
      ],
    ));

  test('a rejected await of a promise from an earlier cell', async () => {
    const begun = await kernel.run(
      "const refused = new Promise((_, reject) => setTimeout(() => reject(new Error('refused')), 50));\nrefused.catch(() => 0);\n0",
    );
    await reads(
      ['await refused;'],
      [
        'Error: refused',
        '▸ 1 │ await refused;',
        '    │ ^',
        `in cell ${String(begun.reply.content.execution_count)}, line 1: const refused = new Promise((_, reject) => setTimeout(() => reject(new Error('refused')), 50));`,
      ],
    );
  });

  test('a type error: the message and the marked place', async () => {
    const text = await read('conv2d(image, kernel, undefined, { steps: 2 });');
    assert.match(text, /^Type error: .*\n.*'steps' does not exist in type '(Conv2d|Window)Options'/);
    assert.match(text, /\n▸ 1 │ conv2d\(image, kernel, undefined, \{ steps: 2 \}\);\n {4}│ {36}\^+(\n|$)/);
  });

  test('a type error: rows where an NDArray is expected', async () => {
    for (const call of ['conv2d([[1, 2], [3, 4]], kernel);', 'maxPool2d([[1, 2], [3, 4]], { size: 2 });']) {
      const text = await read(call);
      assert.match(text, /^Type error: .*'number\[\]\[\]' is not assignable .*'NDArray'/, call);
      assert.match(text, /\nHint: .*imageFromRows/, call);
    }
  });

  test('a type error: more hints', async () => {
    assert.match(await read('outputSize(28, { kernel: 5, strides: 2 });'), /\nHint: .*'stride'\.$/);
    assert.match(await read('const later = Promise.resolve(2);', 'later.toFixed(2);'), /\nHint: .*'await'/);
    assert.match(
      await read('avgPool2d(image, { size: 2 });'),
      /\nHint: import \{ avgPool2d \} from 'convlab';$/,
    );
    assert.match(await read('notDeclaredAnywhere + 1;'), /\nHint: .*Run the cells above/);
    for (const name of ['document', 'localStorage']) {
      const text = await read(`${name}.title;`);
      assert.match(text, new RegExp(`^Type error: Cannot find name '${name}'\\.\n`));
      assert.match(text, /\nHint: a notebook runs in Node, /);
    }
    assert.match(
      await read('/** @module waits */', 'export const one = await Promise.resolve(1);'),
      /\nHint: .* only a cell may await/,
    );
    assert.doesNotMatch(await read("const n: number = 'three';"), /Hint/);
  });

  test("Node's names of a file, which a cell is not", () =>
    reads(
      ['module.exports = 1;'],
      [
        'ReferenceError: module is not defined',
        '▸ 1 │ module.exports = 1;',
        '    │ ^',
        "Hint: a cell is no file, so it has no module; __dirname is the notebook's folder.",
      ],
    ));

  test('a type error: right line and column, tabs and wide characters before it', () =>
    reads(
      ['const a = 1;', "\tconst 数 = '🂡', n: number = 'three';"],
      [
        "Type error: Type 'string' is not assignable to type 'number'.",
        '  1 │ const a = 1;',
        "▸ 2 │ \tconst 数 = '🂡', n: number = 'three';",
        '    │ \t                ^',
      ],
    ));

  test('a syntax error: only the first one', () =>
    reads(
      ['const a = 1;', 'const = 3;', 'let 4x;'],
      [
        'Syntax error: Variable declaration expected.',
        '  1 │ const a = 1;',
        '▸ 2 │ const = 3;',
        '    │       ^',
        '  3 │ let 4x;',
      ],
    ));

  describe('what comes late', () => {
    /** The `error` message of the code that this cell leaves running, and the number of the cell. */
    async function late(code: string): Promise<[text: string, cell: number]> {
      const cell = await kernel.run(code);
      assert.equal(cell.reply.content.status, 'ok');
      const found = await kernel.message(
        'error',
        ({ type, parent }) => type === 'error' && parent === cell.id,
      );
      return [plain(textOf(found.content)), cell.reply.content.execution_count as number];
    }

    test('an exception in a timer is reported with the cell that set it', async () => {
      const [text, cell] = await late("setTimeout(() => {\n  throw new TypeError('too late');\n}, 100);\n0");
      assert.equal(
        text,
        [
          'TypeError: too late',
          `Thrown later, by code that cell ${cell} started.`,
          '  1 │ setTimeout(() => {',
          "▸ 2 │   throw new TypeError('too late');",
          '    │         ^',
          '  3 │ }, 100);',
          '  4 │ 0',
        ].join('\n'),
      );
    });

    test('a rejection is reported with the cell that started it', async () => {
      const [text, cell] = await late("void Promise.reject(new Error('nobody listens'));");
      assert.equal(
        text,
        [
          'Error: nobody listens',
          `A promise that cell ${cell} started was rejected, and nothing awaits it.`,
          "▸ 1 │ void Promise.reject(new Error('nobody listens'));",
          '    │                     ^',
        ].join('\n'),
      );
    });

    test('even while another cell runs', async () => {
      const first = await kernel.run("setTimeout(() => { throw new Error('of the first'); }, 100);\n0");
      const second = await kernel.run('await new Promise((resolve) => setTimeout(resolve, 300));');
      assert.equal(second.reply.content.status, 'ok');
      assert.deepEqual(
        second.published.filter(({ type }) => type === 'error'),
        [],
      );
      const [found] = kernel.published(first.id).filter(({ type }) => type === 'error');
      assert.match(plain(textOf(found.content)), /^Error: of the first\nThrown later/);
    });
  });

  test('Error.cause', () =>
    reads(
      ["const cause = new Error('the file is gone');", "throw new Error('no digits', { cause });"],
      [
        'Error: no digits',
        "  1 │ const cause = new Error('the file is gone');",
        "▸ 2 │ throw new Error('no digits', { cause });",
        '    │       ^',
        '',
        'Caused by Error: the file is gone',
        "▸ 1 │ const cause = new Error('the file is gone');",
        '    │               ^',
        "  2 │ throw new Error('no digits', { cause });",
      ],
    ));

  test('circular causes come to an end', async () => {
    const text = await read("const e: any = new Error('round');", 'e.cause = e;', 'throw e;');
    assert.ok(text.length < 5000);
  });

  test('AggregateError', async () => {
    const text = await read(
      "const all = [Promise.reject(new Error('one')), Promise.reject(new RangeError('two'))];",
      'await Promise.any(all);',
    );
    assert.match(text, /^AggregateError: All promises were rejected\n/);
    assert.match(text, /\n▸ 2 │ await Promise\.any\(all\);/);
    assert.match(text, /\n1\. Error: one\n/);
    assert.match(text, /\n2\. RangeError: two\n/);
  });

  test('a thrown value that is not an error', async () => {
    assert.equal(await read("throw 'only a string';"), "Thrown: 'only a string'");
    assert.equal(await read('throw { code: 7 };'), 'Thrown: { code: 7 }');
    assert.equal(await read('throw undefined;'), 'Thrown: undefined');
  });

  test('a message names what the learner wrote, not the compiled code', async () => {
    assert.match(
      await read('const missing: any = undefined;', 'missing();'),
      /^TypeError: missing is not a function\n/,
    );
    await kernel.run('let none: any;');
    assert.match(await read('none();'), /^TypeError: none is not a function\n/);
    assert.match(await read('(conv2d as any).apply();'), /^TypeError: conv2d: /);
  });

  test('names with a number are the learner’s own, and messages are nobody else’s to change', async () => {
    const unchanged = [
      ["throw new Error('bad shape (0, 3)');", 'Error: bad shape (0, 3)'],
      ["throw new TypeError('results_2.json is damaged');", 'TypeError: results_2.json is damaged'],
      ['const layer_2: any = {};\nlayer_2.forward(3);', 'TypeError: layer_2.forward is not a function'],
    ];
    for (const [source, message] of unchanged)
      assert.ok((await read(source)).startsWith(`${message}\n`), source);
    assert.match(await read("require('fs').readFileSync('results_2.json');"), /open 'results_2\.json'\n/);
    assert.match(
      await read('const model_1: any = { layers: 3 };', 'model_1.layers();'),
      /: model_1\.layers is/,
    );
    assert.match(
      await read("import { strict as is } from 'assert';", "is.deepEqual('(0, 1)', '(0, 2)');"),
      /'\(0, 1\)'[^]*'\(0, 2\)'/,
    );
  });

  test('endless recursion is shortened', async () => {
    const text = await read('function again(): number { return again() + 1; }', 'again();');
    assert.match(text, /^RangeError: Maximum call stack size exceeded\n/);
    assert.ok(text.split('\n').length < 20, text);
  });

  test('no frames of Node, tslab or the kernel and no paths, whatever fails', async () => {
    const texts = [
      await read("import { readFileSync } from 'fs';", "readFileSync('no such file');"),
      await read('await (await import("fs/promises")).readFile("no such file");'),
      await read("JSON.parse('{');"),
      await read("[1].map(() => { throw new Error('in a callback'); });"),
      await read("await Promise.all([1].map(async () => { throw new Error('among all'); }));"),
      await read("import * as tf from '@tensorflow/tfjs';", 'tf.matMul(tf.zeros([2, 3]), tf.zeros([2, 3]));'),
      await read("new Proxy({}, { get() { throw new Error('trap'); } } as any).x;"),
      await read('require("no-such-package");'),
      await read("import { nothing } from 'no-such-package';"),
      await read('await import("no-such-package" as string);'),
    ];
    for (const text of texts) {
      assert.doesNotMatch(text, /node:|node_modules|tslab|scripts[\\/]kernel|\.js:\d|^ +at |exports\.|_1\./m);
      assert.ok(!text.includes(process.cwd()), text);
    }
  });

  test('console.error of an error names cells too', async () => {
    const { published } = await kernel.run("console.error(new Error('printed'));");
    const printed = published
      .filter(({ type }) => type === 'stream')
      .map(({ content }) => content.text as string);
    assert.match(printed.join(''), /^Error: printed\n +at \(?cell \d+:1:15\)?\n$/);
  });
});
