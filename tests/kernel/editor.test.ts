/** An editor's requests while a cell is being edited: completion, inspection, whether the code is complete. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { resultText, TestKernel } from './client';

describe('the editor', () => {
  let kernel: TestKernel;
  before(async () => {
    kernel = await TestKernel.start();
    await kernel.run("import { conv2d, outputSize } from 'convlab';");
    await kernel.run(
      [
        '/** How steeply the loss is followed. */',
        'function learningRate(epoch: number) { return 0.1 / epoch; }',
      ].join('\n'),
    );
    await kernel.run('const learned = { weights: [1, 2], bias: 0 };');
  });
  after(() => kernel.close());

  /** `|` marks the cursor, counted in code points as in the protocol. */
  const cursor = (marked: string) => ({
    code: marked.replace('|', ''),
    cursor_pos: [...marked.slice(0, marked.indexOf('|'))].length,
  });

  describe('complete_request', () => {
    const complete = async (marked: string) => {
      const { reply } = await kernel.ask('complete_request', cursor(marked));
      assert.equal(reply.type, 'complete_reply');
      assert.equal(reply.content.status, 'ok');
      assert.equal(typeof reply.content.metadata, 'object');
      const { matches, cursor_start, cursor_end } = reply.content as Record<string, number> & {
        matches: string[];
      };
      return { matches, cursor_start, cursor_end };
    };

    test('names of earlier cells', async () => {
      const { matches, cursor_start, cursor_end } = await complete('1 + learn|');
      assert.deepEqual(matches.sort(), ['learned', 'learningRate']);
      assert.deepEqual([cursor_start, cursor_end], [4, 9]);
    });

    test('members', async () => {
      const { matches, cursor_start, cursor_end } = await complete('learned.|');
      assert.deepEqual(matches.sort(), ['bias', 'weights']);
      assert.deepEqual([cursor_start, cursor_end], [8, 8]);
    });

    test('inside a word, the whole word is replaced', async () => {
      const { cursor_start, cursor_end } = await complete('learned.wei|ghts + 1');
      assert.deepEqual([cursor_start, cursor_end], [8, 15]);
    });

    test('the exports of a package, in its import', async () => {
      assert.ok((await complete("import { maxP| } from 'convlab'")).matches.includes('maxPool2d'));
    });

    test('in a string: what is between its quotes, or since the last slash, is replaced', async () => {
      /** The texts with each match in its place. */
      const completed = async (marked: string) => {
        const { matches, cursor_start, cursor_end } = await complete(marked);
        const text = marked.replace('|', '');
        return matches.map((match) => text.slice(0, cursor_start) + match + text.slice(cursor_end));
      };
      for (const [marked, expected] of [
        ["import { conv2d } from 'convl|'", "import { conv2d } from 'convlab'"],
        ["import { conv2d } from 'convl|", "import { conv2d } from 'convlab"],
        ["import { readFile } from 'fs/pro|m'", "import { readFile } from 'fs/promises'"],
        ["import * as tf from '@tensorflow/tfjs-ba|'", "import * as tf from '@tensorflow/tfjs-backend-cpu'"],
        ["learned['wei|']", "learned['weights']"],
        ["const way: 'to-the-end' = 'to-th|';", "const way: 'to-the-end' = 'to-the-end';"],
      ]) {
        assert.ok((await completed(marked)).includes(expected), marked);
      }
      assert.deepEqual(await completed("import { x } from 'no-such-pack|'"), []);
    });

    test('private names, with and without their #', async () => {
      const inClass = (typed: string) => `class A { #count = 1; next() { return this.${typed} } }`;
      for (const typed of ['#|', '#co|', '#co|unt', '|']) {
        const { matches, cursor_start, cursor_end } = await complete(inClass(typed));
        const text = inClass(typed).replace('|', '');
        assert.ok(matches.includes('#count'), typed);
        assert.equal(`${text.slice(0, cursor_start)}#count${text.slice(cursor_end)}`, inClass('#count'));
      }
      assert.deepEqual((await complete(inClass('#co|'))).matches, ['#count']);
    });

    test('options of a call', async () => {
      assert.ok((await complete('outputSize(28, { ker| })')).matches.includes('kernel'));
    });

    test('positions are counted in code points', async () => {
      const { matches, cursor_start, cursor_end } = await complete("'🂡🂢'; learned.bi|");
      assert.deepEqual([matches, cursor_start, cursor_end], [['bias'], 14, 16]);
    });

    test('nothing in a comment, or beyond the end', async () => {
      assert.deepEqual((await complete('// learn|')).matches, []);
      const { reply } = await kernel.ask('complete_request', { code: 'learn', cursor_pos: 50 });
      assert.equal(reply.content.status, 'ok');
    });

    test('is answered while a cell awaits', async () => {
      const cell = kernel.begin('await new Promise((resolve) => setTimeout(resolve, 2000)); const late = 1;');
      await kernel.message('execute_input', ({ parent, type }) => type === 'status' && parent === cell.id);
      assert.deepEqual((await complete('learned.bi|')).matches, ['bias']);
      assert.ok(!kernel.log.some(({ type, parent }) => type === 'execute_reply' && parent === cell.id));
      assert.equal((await cell.answered).reply.content.status, 'ok');
      // It does not disturb the declarations of the cell.
      assert.equal(resultText(await kernel.run('late')), '1');
    });
  });

  describe('inspect_request', () => {
    const inspect = async (marked: string, detail_level: 0 | 1 = 0) => {
      const { reply } = await kernel.ask('inspect_request', { ...cursor(marked), detail_level });
      assert.equal(reply.type, 'inspect_reply');
      assert.equal(reply.content.status, 'ok');
      const { found, data, metadata } = reply.content as {
        found: boolean;
        data: Record<string, string>;
        metadata: object;
      };
      assert.deepEqual(metadata, {});
      return { found, text: data['text/plain'] ?? '' };
    };

    test("convlab's functions: signature and doc comment", async () => {
      const { found, text } = await inspect('conv2|d(x, kernel)');
      assert.equal(found, true);
      assert.match(text, /function conv2d\(x: NDArray, kernel: NDArray/);
      assert.match(text, /Slides every filter/);
    });

    test("a reader's own function: signature and doc comment", async () => {
      const { text } = await inspect('learningRate|', 1);
      assert.match(text, /learningRate\(epoch: number\): number/);
      assert.match(text, /How steeply the loss is followed\./);
    });

    test('in the arguments of a call: the function', async () => {
      for (const marked of ['conv2d(|', 'outputSize(28, |)', 'outputSize(28, { kernel: 5 }|)']) {
        const { found, text } = await inspect(marked);
        assert.equal(found, true, marked);
        assert.match(text, marked.startsWith('conv2d') ? /conv2d\(/ : /outputSize\(/, marked);
      }
    });

    test('a variable of an earlier cell: its type', async () => {
      assert.match(
        (await inspect('learn|ed')).text,
        /learned: \{\s*weights: number\[\];\s*bias: number;\s*\}/,
      );
    });

    test('nothing found', async () => {
      for (const marked of ['|', '// learn|ed', '1 |+ 1']) {
        const { reply } = await kernel.ask('inspect_request', { ...cursor(marked), detail_level: 0 });
        assert.deepEqual(reply.content, { status: 'ok', found: false, data: {}, metadata: {} }, marked);
      }
    });
  });

  describe('is_complete_request', () => {
    const isComplete = async (code: string) => (await kernel.ask('is_complete_request', { code })).reply;

    for (const code of [
      '1 + 1',
      'const a = {\n  b: 1,\n};',
      'await Promise.resolve()',
      '',
      '// so',
      'for (;;) {}',
    ]) {
      test(`complete: ${JSON.stringify(code)}`, async () => {
        const { type, content } = await isComplete(code);
        assert.equal(type, 'is_complete_reply');
        assert.equal(content.status, 'complete');
      });
    }

    for (const code of [
      'function f() {',
      'const a = [',
      'f(1,',
      'const s = `one',
      'if (a) {\n  b()',
      '/* so',
    ]) {
      test(`incomplete: ${JSON.stringify(code)}`, async () => {
        const { content } = await isComplete(code);
        assert.equal(content.status, 'incomplete');
        assert.equal(typeof content.indent, 'string');
      });
    }

    for (const code of ['const = 3;', 'a b c', '}', 'let 3x;', 'f(]']) {
      test(`invalid: ${JSON.stringify(code)}`, async () => {
        assert.equal((await isComplete(code)).content.status, 'invalid');
      });
    }
  });
});
