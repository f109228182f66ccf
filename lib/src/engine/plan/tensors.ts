/**
 * Room for what layers pass to each other, and what a layer sees of the memory that its neighbour wrote: a tensor, or a
 * part of one.
 */
import type { Windows } from '../../shape';
import type { ImageShape, Layer, Pads } from '../layers/readLayers';
import type { Arena } from './arena';
import { roundUp } from './arena';
import type { View, Argmax } from './plan';
import { CHUNK } from './plan';

export const NO_PADS: Pads = { top: 0, bottom: 0, left: 0, right: 0 };

/** The zeros that windows reach into. */
export function padsOf(windows: Windows): Pads {
  const { rows, columns } = windows;
  return { top: rows.before, bottom: rows.after, left: columns.before, right: columns.after };
}

function add(a: Pads, b: Pads): Pads {
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

export class Tensors {
  /** With batch normalisation, every tensor must last until the whole batch has reached it. */
  private readonly allPerBatch: boolean;
  /** Slots of a tensor that exists only for the images that the threads are working on. */
  private readonly handSlots: number;
  private readonly batchSlots: number;

  constructor(
    private readonly layers: readonly Layer[],
    private readonly arena: Arena,
    batchSize: number,
    threads: number,
  ) {
    this.allPerBatch = layers.some((layer) => layer.kind === 'normalization');
    this.handSlots = threads * CHUNK;
    // Predictions use a thread's own slots in tensors of either kind.
    this.batchSlots = Math.max(batchSize, this.handSlots);
  }

  /** A tensor for the output of the layer before `next`, with the border that the layers from `next` on read. */
  take(
    [height, width, channels]: ImageShape,
    next: number,
    o: { readonly gradient: boolean; readonly perBatch: boolean },
  ): View {
    const pads = this.padsFrom(next);
    const row = (pads.left + width + pads.right) * channels * 4;
    const bytes = (pads.top + height + pads.bottom) * row;
    const image = roundUp(bytes + 16, 64);
    const perBatch = o.perBatch || this.allPerBatch || this.feedDense(next);
    const slots = perBatch ? this.batchSlots : this.handSlots;
    const start = pads.top * row + pads.left * channels * 4;
    const at = this.arena.take(image * slots) + start;
    const gradientTensor = o.gradient ? this.arena.take(image * slots) : 0;
    const gradient = o.gradient ? gradientTensor + start : 0;
    return { at, gradient, gradientTensor, image, row, perBatch, height, width, channels, pads };
  }

  argmax(pixels: number, channels: number): Argmax {
    const image = roundUp(pixels * roundUp(channels, 4) * 4, 64);
    const slots = this.allPerBatch ? this.batchSlots : this.handSlots;
    return { at: this.arena.take(image * slots), image, perBatch: this.allPerBatch };
  }

  /** Whether the output of the layer before `next` goes, under whatever shape, into a dense layer. */
  feedDense(next: number): boolean {
    const user = this.layers.slice(next).find(({ kind }) => kind !== 'reshape' && kind !== 'zeroPadding');
    return user?.kind === 'dense';
  }

  /** The zeros that the layers from `next` on need around their input. */
  private padsFrom(next: number): Pads {
    let pads = NO_PADS;
    for (const layer of this.layers.slice(next)) {
      if (layer.kind === 'zeroPadding') pads = add(pads, layer.pads);
      else return layer.kind === 'convolution' ? add(pads, padsOf(layer.windows)) : pads;
    }
    return pads;
  }
}
