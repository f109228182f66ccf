/** Parts of tensors: what a layer sees of the memory that its neighbour wrote. */
import type { Windows } from '../shape';
import type { Pads } from './layers';
import type { View } from './plan';

export const NO_PADS: Pads = { top: 0, bottom: 0, left: 0, right: 0 };

/** The zeros that windows reach into. */
export function padsOf(windows: Windows): Pads {
  const { rows, columns } = windows;
  return { top: rows.before, bottom: rows.after, left: columns.before, right: columns.after };
}

export function add(a: Pads, b: Pads): Pads {
  return { top: a.top + b.top, bottom: a.bottom + b.bottom, left: a.left + b.left, right: a.right + b.right };
}

/** The view extended over part of the zeros around it. */
export function grow(view: View, by: Pads): View {
  const { top, bottom, left, right } = by;
  return {
    ...moved(view, -top, -left),
    height: view.height + top + bottom,
    width: view.width + left + right,
    pads: add(view.pads, { top: -top, bottom: -bottom, left: -left, right: -right }),
  };
}

/** The view moved some rows down and some pixels to the right. */
export function moved(view: View, down: number, right: number): View {
  const by = down * view.row + right * view.channels * 4;
  return { ...view, at: view.at + by, gradient: view.gradient === 0 ? 0 : view.gradient + by };
}

/** Whether its numbers are contiguous. */
export function isContiguous(view: View): boolean {
  return view.height === 1 || view.row === view.width * view.channels * 4;
}

/** Whether it has this many zeros around it. */
export function hasPads({ pads }: View, wanted: Pads): boolean {
  return (['top', 'bottom', 'left', 'right'] as const).every((side) => pads[side] >= wanted[side]);
}

/**
 * How many floats too many the last vector of a row's last pixel writes, if a border follows, which must stay 0.
 * Without a border, the next pixel follows, or nothing.
 */
export function spill(view: View): number {
  const border = view.row !== view.width * view.channels * 4 || view.pads.top + view.pads.bottom > 0;
  return border ? (4 - (view.channels % 4)) % 4 : 0;
}
