import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { KERNEL_TYPES } from './kernelBuilds';
import { kernelTypes } from './kernelTypes';

const ROOT = join(__dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'convlab-types-'));
after(() => rmSync(folder, { recursive: true }));

function typesOf(source: string): string {
  const file = join(folder, 'index.ts');
  writeFileSync(file, source);
  return kernelTypes(file, 'Kernels');
}

for (const { source, name, output } of KERNEL_TYPES) {
  test(`${output} is what the AssemblyScript says`, () => {
    assert.equal(readFileSync(join(ROOT, output), 'utf8'), kernelTypes(join(ROOT, source), name));
  });
}

test('a function keeps its parameters, a record its fields in their order, a constant its number', () => {
  const types = typesOf(`
    @unmanaged
    export class Size { rows: i32; at: usize; }
    export const NONE: i32 = 0;
    /** Adds. */
    export function add(s: Size, a: f32): void {}
    function own(): v128 { return i32x4.splat(0); }
  `);
  assert.match(types, /interface Size \{\n {2}readonly rows: i32;\n {2}readonly at: usize;\n\}/);
  assert.match(types, /Size: \['rows', 'at'\]/);
  assert.match(types, /export const INDEX = \{ NONE: 0 \} as const;/);
  assert.match(types, /\/\*\* Adds\. \*\/\n {2}readonly add: \(s: RecordAddress<'Size'>, a: f32\) => void;/);
  assert.doesNotMatch(types, /\bown\b/);
});

test('what cannot cross the border is refused by name', () => {
  assert.throws(() => typesOf('export function wide(a: v128): void {}'), /wide has the type v128, expected/);
  assert.throws(
    () => typesOf('@unmanaged class Wide { sum: f64; }'),
    /Wide has 'sum: f64;', expected a 32-bit field/,
  );
});
