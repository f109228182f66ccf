/** What the options and lists of figures have in common. */
import { check, finite, isObject, shown, text, whole } from '../check';
import type { Check } from '../check';
import type { Figure } from './figure';

/** Title and description, which every figure has. */
export const textRules = { title: text, description: text } as const;

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

/** Throws unless it is a figure, or looks like one. */
export function checkFigure(callee: string, figure: unknown, name = 'figure'): asserts figure is Figure {
  if (!isObject(figure) || !('data' in figure)) {
    throw new TypeError(
      `${callee}: ${name} is ${shown(figure)}, expected a figure, such as lineChart or matrix returns`,
    );
  }
  const { data, layout, description } = figure;
  if (!Array.isArray(data)) {
    throw new TypeError(`${callee}: ${name}.data is ${shown(data)}, expected a list of Plotly's traces`);
  }
  const wrong = data.findIndex((trace) => !isObject(trace));
  if (wrong >= 0) {
    throw new TypeError(
      `${callee}: ${name}.data[${wrong}] is ${shown(data[wrong])}, expected one of Plotly's traces`,
    );
  }
  if (!isObject(layout)) {
    throw new TypeError(`${callee}: ${name}.layout is ${shown(layout)}, expected Plotly's layout`);
  }
  check(callee, `${name}.description`, description, text);
}
