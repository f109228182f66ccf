/** Cells that plain tslab 1.0.22 compiles wrongly or refuses, and cells that it runs correctly, as this kernel must. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { resultText, streamText, TestKernel } from './client';

describe('cells', () => {
  let kernel: TestKernel;
  before(async () => (kernel = await TestKernel.start()));
  after(() => kernel.close());

  /** Runs cells that must all succeed, and returns the result of the last. */
  async function result(...cells: string[]): Promise<string> {
    const last = cells.pop() as string;
    for (const code of cells) {
      const { reply } = await kernel.run(code);
      assert.equal(reply.content.status, 'ok', `${code}\n${JSON.stringify(reply.content)}`);
    }
    const answered = await kernel.run(last);
    assert.equal(answered.reply.content.status, 'ok', `${last}\n${JSON.stringify(answered.reply.content)}`);
    return resultText(answered);
  }

  test('destructuring that renames twice', async () => {
    assert.equal(await result('const { a: x, b: y } = { a: 1, b: 2 };', '[x, y]'), '[ 1, 2 ]');
    assert.equal(
      await result('const [{ a: p, ...q }, [r = 5]] = [{ a: 1, c: 3 }, []] as any;', '[p, q.c, r]'),
      '[ 1, 3, 5 ]',
    );
  });

  test('a shorthand property with a variable of an earlier cell', async () => {
    assert.equal(await result('const seed = 7;', 'const options = { seed };\noptions.seed'), '7');
    assert.equal(
      await result('let rate = 1;', 'rate = 2;', 'const f = () => ({ seed, rate });\nf().rate'),
      '2',
    );
  });

  test('a cell that is only an awaited async function', async () => {
    assert.equal(await result('await (async () => 5)()'), '5');
    assert.equal(
      (await kernel.run('await (async () => { console.log("so"); })()')).reply.content.status,
      'ok',
    );
  });

  test('await in loops, for await, await in a template and in a class field initialiser', async () => {
    assert.equal(
      await result('let sum = 0;\nfor await (const x of [1, Promise.resolve(2)]) sum += x;\nsum'),
      '3',
    );
    assert.equal(await result('`${await Promise.resolve(1)}${await Promise.resolve(2)}`'), "'12'");
  });

  test('for await: what it assigns to, how it is left, and what that closes', async () => {
    assert.equal(
      await result(
        'let last: any;\nconst at: any = {};',
        `for await (last of [1, Promise.resolve(2)]);
for await (at.x of [3]);
for await ({ y: at.y, z: at.z = 5 } of [{ y: 4 }] as any[]);
const each: (() => number)[] = [];
for await (const [n] of new Map([[6, ''], [7, '']])) each.push(() => n);
[last, at.x, at.y, at.z, ...each.map((call) => call())]`,
      ),
      '[ 2, 3, 4, 5, 6, 7 ]',
    );
    assert.equal(
      await result(
        `const told: unknown[] = [];
async function* numbers(name: string) {
  try { for (let n = 0; ; n++) yield n; } finally { await null; told.push(name); }
}`,
        `outer: for await (const a of numbers('a')) {
  for await (const b of numbers('b')) { if (b > 1) continue outer; if (a > 0) break outer; told.push(b); }
}
try { for await (const n of numbers('c')) throw n; } catch (error) { told.push('caught', error); }
told.join()`,
      ),
      "'0,1,b,b,a,c,caught,0'",
    );
    const { reply } = await kernel.run('for await (const n of 5 as any);');
    assert.equal(reply.content.evalue, 'for await: 5 is not iterable');
  });

  test('for await: an error of the body is told, not one of closing, which is told if there is no other', async () => {
    await kernel.run("async function* bad() { try { yield 1; } finally { throw new Error('closing'); } }");
    const failing = await kernel.run("for await (const x of bad()) throw new Error('body');");
    assert.equal(failing.reply.content.evalue, 'body');
    const leaving = await kernel.run('for await (const x of bad()) break;');
    assert.equal(leaving.reply.content.evalue, 'closing');
  });

  test('await in the computed name of a method', async () => {
    assert.equal(
      await result(
        `class Named { static [await Promise.resolve('one')]() { return 1; } }
const named: any = { [await Promise.resolve('two')]() { return 2; } };
[(Named as any).one(), named.two()]`,
      ),
      '[ 1, 2 ]',
    );
  });

  test('let, const, function and class redeclared with another type', async () => {
    assert.equal(await result('const v = 1;', 'const v = "two";', 'v'), "'two'");
    assert.equal(await result('function g() { return 1; }', 'function g() { return "b"; }', 'g()'), "'b'");
    assert.equal(await result('class C { n = 1; }', 'class C { m = 2; }', 'new C().m'), '2');
  });

  test('a variable assigned in a later cell, read by a function of an earlier one', async () => {
    assert.equal(
      await result('let count = 0;\nfunction next() { return ++count; }', 'count = 10;', 'next()'),
      '11',
    );
  });

  test("a function of an earlier cell is called without a `this`, as one of the cell's own is", async () => {
    assert.equal(
      await result(
        'function loose(this: any, ..._: any[]) { return this === globalThis; }\nconst strict = eval(\'"use strict"; (function () { return this === undefined; })\') as any;',
        '[loose(), strict(), loose?.(), (loose)(), loose!(), (strict as any)(), loose`x`, loose(await 1)].every(Boolean)',
      ),
      'true',
    );
    assert.equal(await result('const at = { n: 3, here() { return this.n; } };', 'at.here()'), '3');
  });

  test('a var of a loop or block is declared for the whole cell, and so for later cells', async () => {
    assert.equal(
      await result(
        'for (var step = 0; step < 3; step++);\nif (step) { var { size, rest: [first] } = { size: 4, rest: ["a"] }; }',
        'step = 10;\nsize += 1;',
        '[step.toFixed(1), size, first.toUpperCase()]',
      ),
      "[ '10.0', 5, 'A' ]",
    );
    const { reply } = await kernel.run('const wrong: string = step;');
    assert.match(String(reply.content.evalue), /'number' is not assignable to type 'string'/);
  });

  test('names that begin with two underscores', async () => {
    assert.equal(await result('let __count = 1;\ntype __Count = number;', '__count++;', '__count'), '2');
    assert.equal(
      await result(
        'const [__steps, __share, __import] = [1, 2, 3];\nfor await (const _ of [__steps]) await import("path");',
        '[__steps, __share, __import]',
      ),
      '[ 1, 2, 3 ]',
    );
  });

  test('types and interfaces are known to later cells', async () => {
    assert.equal(
      await result(
        'interface Point { x: number }\ntype Points = Point[];',
        'const ps: Points = [{ x: 3 }];\nps[0].x',
      ),
      '3',
    );
  });

  test("__dirname is the notebook's folder, unless a cell declares another", async () => {
    assert.equal(await result('__dirname === process.cwd()'), 'true');
    assert.equal(await result("const __dirname = 'elsewhere';\n__dirname", '__dirname'), "'elsewhere'");
  });

  test('a module cell is imported by later cells, and may be replaced', async () => {
    assert.equal(
      await result(
        '/** @module twice */\nexport const twice = (x: number) => 2 * x;',
        "import { twice } from './twice';\ntwice(21)",
      ),
      '42',
    );
  });

  test('a failing cell leaves no half-made declarations', async () => {
    await kernel.run('const kept = 1;');
    await kernel.run('const kept = 2; const lost: number = "x";');
    assert.equal(await result('kept'), '1');
  });

  test('variables that a cell declared before it threw exist', async () => {
    await kernel.run('var before = 3; throw new Error("x");');
    const { reply } = await kernel.run('1');
    assert.equal(reply.content.status, 'ok');
  });

  test('packages: CommonJS, built-in, ES module by import()', async () => {
    assert.equal(await result("import { join } from 'path';\njoin('a', 'b')"), "'a/b'");
    assert.equal(await result("import * as tf from '@tensorflow/tfjs';\ntf.tensor1d([1, 2]).size"), '2');
    assert.equal(
      await result("const { default: chalk } = await import('chokidar') as any;\ntypeof chalk"),
      "'object'",
    );
  });

  test('what a module prints while it is loaded is output of the cell', async () => {
    const { published } = await kernel.run('for (const word of ["a", "b"]) console.log(word);');
    assert.equal(streamText(published), 'a\nb\n');
  });
});
