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

/** The view with part of the zeros around it taken in. */
export function grow(view: View, by: Pads): View {
  const { top, bottom, left, right } = by;
  return {
    ...moved(view, -top, -left),
    height: view.height + top + bottom,
    width: view.width + left + right,
    pads: add(view.pads, { top: -top, bottom: -bottom, left: -left, right: -right }),
  };
}

/** The view begun some rows down and pixels to the right. */
export function moved(view: View, down: number, right: number): View {
  const by = down * view.row + right * view.channels * 4;
  return { ...view, at: view.at + by, gradient: view.gradient === 0 ? 0 : view.gradient + by };
}

/** Whether its numbers stand side by side. */
export function isContiguous(view: View): boolean {
  return view.height === 1 || view.row === view.width * view.channels * 4;
}

/** Whether as many zeros stand around it. */
export function hasPads({ pads }: View, wanted: Pads): boolean {
  return (['top', 'bottom', 'left', 'right'] as const).every((side) => pads[side] >= wanted[side]);
}

/**
 * Floats that the last vector of a row's last pixel writes too many, if something else stands there that must stay 0:
 * a border. Without one, the next pixel or nothing is there.
 */
export function spill(view: View): number {
  const border = view.row !== view.width * view.channels * 4 || view.pads.top + view.pads.bottom > 0;
  return border ? (4 - (view.channels % 4)) % 4 : 0;
}
