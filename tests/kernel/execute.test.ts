/** execute_request: the published messages, their order, and the reply. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { one, publishedTypes, resultText, streamText, TestKernel } from './client';

describe('execute_request', () => {
  let kernel: TestKernel;
  before(async () => (kernel = await TestKernel.start()));
  after(() => kernel.close());

  const wait = (ms: number) => `await new Promise((resolve) => setTimeout(resolve, ${ms}));`;

  test('execute_input repeats the code, with the number of the cell', async () => {
    const cell = await kernel.run('const a = 1;');
    assert.deepEqual(one(cell, 'execute_input'), {
      code: 'const a = 1;',
      execution_count: cell.reply.content.execution_count,
    });
  });

  test('execute_input, output, execute_result come in this order', async () => {
    const cell = await kernel.run('console.log("first");\n"last"');
    assert.deepEqual(publishedTypes(cell), ['execute_input', 'stream', 'execute_result']);
  });

  test('the reply: ok, the count, no user expressions', async () => {
    const { content, type } = (await kernel.run('1')).reply;
    assert.equal(type, 'execute_reply');
    assert.equal(content.status, 'ok');
    assert.equal(typeof content.execution_count, 'number');
    assert.deepEqual(content.user_expressions, {});
  });

  test('the count grows by one per cell, including empty and failing ones', async () => {
    const counts: number[] = [];
    for (const code of ['1', '', 'throw 1', '2'])
      counts.push((await kernel.run(code)).reply.content.execution_count as number);
    assert.deepEqual(
      counts.map((count) => count - counts[0]),
      [0, 1, 2, 3],
    );
  });

  test('execute_result: the last expression, with the number of the cell', async () => {
    const cell = await kernel.run('const six = 6;\nsix * 7');
    assert.deepEqual(one(cell, 'execute_result'), {
      execution_count: cell.reply.content.execution_count,
      data: { 'text/plain': '42' },
      metadata: {},
    });
    assert.equal(streamText(cell.published), '');
  });

  test('execute_result: after an await too, and for a promise the value that it resolves to', async () => {
    assert.equal(resultText(await kernel.run('await Promise.resolve("here")')), "'here'");
  });

  test('no execute_result for a statement, for undefined, for nothing', async () => {
    for (const code of ['let b = 2;', 'undefined', 'if (true) 3', '// a comment', '', '  \n']) {
      assert.deepEqual(publishedTypes(await kernel.run(code)), ['execute_input'], JSON.stringify(code));
    }
  });

  test('0, false and an empty string are results', async () => {
    assert.equal(resultText(await kernel.run('0')), '0');
    assert.equal(resultText(await kernel.run('false')), 'false');
    assert.equal(resultText(await kernel.run("''")), "''");
  });

  test('silent: no execute_input, no execute_result, no count', async () => {
    const before = (await kernel.run('1')).reply.content.execution_count as number;
    const silent = await kernel.run('const quiet = 5;\nquiet', { silent: true });
    assert.equal(silent.reply.content.status, 'ok');
    assert.deepEqual(publishedTypes(silent), []);
    const after = await kernel.run('quiet');
    assert.equal(resultText(after), '5');
    assert.equal(after.reply.content.execution_count, before + 1);
  });

  test('user_expressions are evaluated after the cell, each with a status of its own', async () => {
    const cell = await kernel.run('const side = 4;', {
      user_expressions: { area: 'side * side', wrong: 'side.no.such' },
    });
    const { area, wrong } = cell.reply.content.user_expressions as Record<string, Record<string, unknown>>;
    assert.deepEqual(area, { status: 'ok', data: { 'text/plain': '16' }, metadata: {} });
    assert.equal(wrong.status, 'error');
    for (const field of ['ename', 'evalue']) assert.equal(typeof wrong[field], 'string');
    assert.ok(Array.isArray(wrong.traceback));
    assert.equal(cell.reply.content.status, 'ok');
  });

  test('cells run one after another, in order of arrival', async () => {
    const cells = [
      kernel.begin(`${wait(100)} console.log("one")`),
      kernel.begin('console.log("two")'),
      kernel.begin('console.log("three")'),
    ];
    await Promise.all(cells.map(({ answered }) => answered));
    const ids = new Set(cells.map(({ id }) => id));
    const printed = kernel.log.filter(({ type, parent }) => type === 'stream' && ids.has(parent));
    assert.equal(streamText(printed), 'one\ntwo\nthree\n');
  });

  describe('behind an error', () => {
    const failed = `${wait(100)} throw new Error("stop")`;

    test('waiting requests are aborted at once: no count, nothing run', async () => {
      const error = kernel.begin(failed);
      const behind = [kernel.begin('console.log("ran")'), kernel.begin('console.log("ran")')];
      const failure = await error.answered;
      assert.equal(failure.reply.content.status, 'error');
      for (const cell of await Promise.all(behind.map(({ answered }) => answered))) {
        assert.equal(cell.reply.type, 'execute_reply');
        assert.equal(cell.reply.content.status, 'aborted');
        assert.deepEqual(publishedTypes(cell), []);
      }
      const next = await kernel.run('1');
      assert.equal(next.reply.content.execution_count, (failure.reply.content.execution_count as number) + 1);
    });

    test('also one that arrives while a callback keeps the kernel busy, in the moment after the failure', async () => {
      const error = kernel.begin(`setImmediate(() => setImmediate(() => {
        for (const end = Date.now() + 1000; Date.now() < end;);
      }));
      console.log('failing');
      throw new Error('stop')`);
      await kernel.printed(error, 'failing');
      const behind = kernel.begin('console.log("ran")');
      assert.equal((await error.reply).content.status, 'error');
      assert.equal((await behind.reply).content.status, 'aborted');
    });

    test('a request sent after the reply runs at once', async () => {
      for (const code of ['throw new Error("stop")', 'const n: number = "three"', failed]) {
        await kernel.begin(code).reply;
        assert.equal((await kernel.run('1')).reply.content.status, 'ok', code);
      }
    });

    test('with stop_on_error false the others run', async () => {
      const error = kernel.begin(failed, { stop_on_error: false });
      const behind = kernel.begin('"ran"');
      assert.equal((await error.answered).reply.content.status, 'error');
      assert.equal(resultText(await behind.answered), "'ran'");
    });

    test('other requests are answered as usual', async () => {
      const error = kernel.begin(failed);
      const info = kernel.ask('kernel_info_request');
      const complete = kernel.ask('is_complete_request', { code: '1' });
      assert.equal((await info).reply.content.status, 'ok');
      assert.equal((await complete).reply.content.status, 'complete');
      await error.answered;
    });
  });

  describe('error', () => {
    /** The fields of an error, the same in the message and in the reply. */
    const errorOf = async (code: string) => {
      const cell = await kernel.run(code);
      const { ename, evalue, traceback } = one(cell, 'error') as Record<string, string> & {
        traceback: string[];
      };
      const { content } = cell.reply;
      assert.equal(content.status, 'error');
      assert.equal(typeof content.execution_count, 'number');
      assert.deepEqual([content.ename, content.evalue, content.traceback], [ename, evalue, traceback]);
      assert.ok(traceback.length > 0 && traceback.every((line) => typeof line === 'string'));
      assert.deepEqual(publishedTypes(cell), ['execute_input', 'error']);
      return { ename, evalue };
    };

    test('thrown', async () => {
      assert.deepEqual(await errorOf('throw new RangeError("kernel size 4 is even")'), {
        ename: 'RangeError',
        evalue: 'kernel size 4 is even',
      });
    });

    test('a rejected await', async () => {
      assert.deepEqual(await errorOf('await Promise.reject(new Error("no digits"))'), {
        ename: 'Error',
        evalue: 'no digits',
      });
    });

    test('of a custom class', async () => {
      await kernel.run('class NoData extends Error { override name = "NoData"; }');
      assert.deepEqual(await errorOf('throw new NoData("nothing there")'), {
        ename: 'NoData',
        evalue: 'nothing there',
      });
    });

    test('a type error in the cell', async () => {
      const { ename, evalue } = await errorOf('const n: number = "three";');
      assert.notEqual(ename, 'TypeError', 'that is the name of an error at run time');
      assert.match(evalue, /Type 'string' is not assignable to type 'number'/);
    });

    test('a syntax error in the cell', async () => {
      const { ename } = await errorOf('const = 3;');
      assert.equal(ename, 'SyntaxError');
    });

    test('thrown, but not an error: a string, undefined, null, an object', async () => {
      assert.match((await errorOf('throw "only a string"')).evalue, /only a string/);
      assert.match((await errorOf('throw undefined')).evalue, /undefined/);
      assert.match((await errorOf('throw null')).evalue, /null/);
      assert.match((await errorOf('throw { code: 7 }')).evalue, /code: 7/);
    });

    test('whose own properties throw', async () => {
      await errorOf('throw new Proxy(new Error("trap"), { get() { throw new Error("trapped"); } })');
      await errorOf(
        'throw { get message() { throw 1; }, [Symbol.for("nodejs.util.inspect.custom")]() { throw 2; } }',
      );
    });

    test('outputs before it are kept, nothing of the cell runs after it', async () => {
      const cell = await kernel.run('console.log("before");\nthrow new Error("x");\nconsole.log("after");');
      assert.equal(streamText(cell.published), 'before\n');
    });
  });
});
