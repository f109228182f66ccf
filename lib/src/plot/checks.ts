/** What the options and lists of figures have in common. */
import { anything, check, finite, shown, text, whole } from '../check';
import type { Check } from '../check';
import { gridRows } from './numbers';

/** Title and description, which every figure has. */
export const textRules = { title: text, description: text } as const;

/** The kind of a figure: by it the other rules have been chosen. */
export const anyKind = anything;

/** Rows of numbers. */
export const gridRule: Check = (callee, name, value) => void gridRows(callee, name, value);

/** The labels of axes. */
export const axisRules = { xLabel: text, yLabel: text } as const;

const bound = finite();

/** [least, most] of an axis. */
export const range: Check = (callee, name, value) => {
  if (!Array.isArray(value) || value.length !== 2 || !value.every(bound.holds) || !(value[0] < value[1])) {
    throw new RangeError(`${callee}: ${name} is ${shown(value)}, expected [least, most]`);
  }
};

/** Cells [row, column]; whether the grid has them is asked where the grid is known. */
export const cells: Check = (callee, name, value) => {
  if (!Array.isArray(value)) {
    throw new TypeError(`${callee}: ${name} is ${shown(value)}, expected a list of cells [row, column]`);
  }
  // Array.from, which does not pass over holes.
  Array.from(value as readonly unknown[], (cell, i) => {
    if (!Array.isArray(cell) || cell.length !== 2) {
      throw new TypeError(`${callee}: ${name}[${i}] is ${shown(cell)}, expected a cell [row, column]`);
    }
    cell.forEach((index, axis) => check(callee, `${name}[${i}][${axis}]`, index, whole(0)));
  });
};

/** Throws unless `values` is a list that is not empty; `expected` says what it should hold. */
export function checkList(callee: string, name: string, values: unknown, expected: string): void {
  if (!Array.isArray(values) || values.length === 0) {
    throw new TypeError(`${callee}: ${name} is ${shown(values)}, expected a list of ${expected}`);
  }
}

export function checkTexts(
  callee: string,
  name: string,
  values: unknown,
): asserts values is readonly string[] {
  if (!Array.isArray(values)) {
    throw new TypeError(`${callee}: ${name} is ${shown(values)}, expected a list of strings`);
  }
  for (let i = 0; i < values.length; i++) check(callee, `${name}[${i}]`, values[i], text);
}
