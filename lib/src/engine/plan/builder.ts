/** A plan (`plan.ts`) in the making: what has been laid out so far, and how to lay out more. */
import type { Layer, Network, Pads } from '../layers/readLayers';
import type { RecordAddress, Records } from '../kernels/signatures';
import { FIELDS } from '../kernels/signatures';
import { Arena } from './arena';
import type { Operation, View } from './plan';
import type { LossName } from '../types';
import { hasPads, isContiguous, Tensors } from './tensors';

export interface PlanOptions {
  readonly batchSize: number;
  readonly threads: number;
  readonly loss: LossName;
}

export class PlanBuilder {
  readonly arena = new Arena();
  readonly operations: Operation[] = [];
  /** 32-bit numbers to write before the first run. */
  readonly constants: { at: number; values: readonly number[] }[] = [];
  readonly layers: readonly Layer[];
  readonly tensors: Tensors;
  /** Address of a row of zeros. */
  readonly zeros: number;
  /** Bytes of a group's part of the convolutions' gradients. */
  partBytes = 0;
  /** Floats that the kernels of one thread need for themselves. */
  scratchFloats = 0;
  /** Some layer so far has weights to train: gradients must reach back to here. */
  trained: boolean;

  constructor(
    readonly network: Network,
    readonly options: PlanOptions,
  ) {
    this.layers = network.layers;
    this.tensors = new Tensors(this.layers, this.arena, options.batchSize, options.threads);
    this.zeros = this.arena.take(64);
    // A network with nothing to train still has a loss, which writes a gradient.
    this.trained = !network.weights.some((weight) => weight.trainable);
  }

  /** A tensor for the output of the layer before `next`. */
  tensor(height: number, width: number, channels: number, next: number, perBatch = false): View {
    return this.tensors.take([height, width, channels], next, { gradient: this.trained, perBatch });
  }

  /** The view itself if it has enough zeros around it, else a copy that has, for layer `i`. */
  bordered(view: View, pads: Pads, i: number): View {
    return hasPads(view, pads)
      ? view
      : this.copy(view, i, this.tensor(view.height, view.width, view.channels, i));
  }

  /** The view itself if its numbers are contiguous, else a copy. */
  contiguous(view: View, i: number): View {
    if (isContiguous(view)) return view;
    const { height, width, channels } = view;
    const perBatch = this.tensors.feedDense(i);
    return this.copy(view, i, this.tensor(height, width, channels, this.layers.length, perBatch));
  }

  /** Writes a record that kernels read. */
  record<Name extends keyof Records>(name: Name, record: Records[Name]): RecordAddress<Name> {
    return this.words(FIELDS[name].map((field) => record[field] as number)) as RecordAddress<Name>;
  }

  /** Writes a list of 32-bit numbers. */
  words(values: readonly number[]): number {
    const at = this.arena.take(values.length * 4);
    this.constants.push({ at, values });
    return at;
  }

  /** Asks for at least this much room that a thread's kernels use for themselves. */
  needScratch(floats: number): void {
    this.scratchFloats = Math.max(this.scratchFloats, floats);
  }

  private copy(x: View, layer: number, y: View): View {
    const inputGradient = this.trained;
    this.operations.push({ kind: 'copy', layer, x, y, inputGradient });
    return y;
  }
}
