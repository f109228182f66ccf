/** The record of a training, epoch by epoch. */

import { checkFinite, checkNumbers, checkOptions, flag, isObject, shown } from '../check';

export interface EpochRecord {
  /** The first is 1. */
  readonly epoch: number;
  /** Mean over the training images, each taken when its batch was trained, with the penalties of regularizers. */
  readonly loss: number;
  readonly accuracy: number;
  /** Over the validation images at the end of the epoch, without penalties; undefined without images. */
  readonly validationLoss?: number;
  readonly validationAccuracy?: number;
  /** Time spent on training, without validation. */
  readonly seconds: number;
  readonly imagesPerSecond: number;
  /** Of the epoch's first step. */
  readonly learningRate: number;
}

/** One list for each quantity, with one element per epoch, so that a list can be drawn as it is. */
export interface History {
  readonly loss: readonly number[];
  readonly accuracy: readonly number[];
  /** Empty without validation images, like {@link validationAccuracy}. */
  readonly validationLoss: readonly number[];
  readonly validationAccuracy: readonly number[];
  readonly seconds: readonly number[];
  readonly imagesPerSecond: readonly number[];
  readonly learningRate: readonly number[];
  /** `simd`: ConvLab's engine; `tfjs`: TensorFlow.js. */
  readonly engine: 'simd' | 'tfjs';
  /** Why this engine. */
  readonly reason: string;
  /** Worker threads; 1 for TensorFlow.js, whose backends choose their own number. */
  readonly threads: number;
  /** Optimizer steps done, resumed ones included. */
  readonly steps: number;
  /** All epochs done, stopped early for lack of progress, or aborted by the signal. */
  readonly stopped: 'finished' | 'early' | 'aborted';
  /** The epoch whose weights early stopping would keep; undefined without early stopping. */
  readonly bestEpoch?: number;
}

/** Node asks an object for the text that `console.log` prints of it, and a cell that ends with it shows. */
const INSPECT = Symbol.for('nodejs.util.inspect.custom');
/** More epochs than these are cut in the middle. */
const SHOWN_EPOCHS = 12;

/** The history, which is printed as a short table: its lists, number by number, would take dozens of lines. */
export function printsAsTable(history: History): History {
  return Object.defineProperty(history, INSPECT, { value: summary });
}

function summary(this: History): string {
  const [header, ...rows] = tableOf(this, false).split('\n');
  const half = SHOWN_EPOCHS / 2;
  const left = rows.length - SHOWN_EPOCHS;
  const shown = left > 1 ? [...rows.slice(0, half), `… ${left} more epochs`, ...rows.slice(-half)] : rows;
  const end = { finished: '', early: ', stopped early', aborted: ', aborted' }[this.stopped];
  const best = this.bestEpoch === undefined ? '' : `, best epoch ${this.bestEpoch}`;
  return [header, ...shown, `${this.steps} steps${end}${best}`].join('\n');
}

/** The history's columns of an epoch's records. */
export function columns(
  records: readonly EpochRecord[],
): Pick<
  History,
  | 'loss'
  | 'accuracy'
  | 'validationLoss'
  | 'validationAccuracy'
  | 'seconds'
  | 'imagesPerSecond'
  | 'learningRate'
> {
  const column = (name: keyof EpochRecord): number[] =>
    records.map((record) => record[name]).filter((value) => value !== undefined);
  return {
    loss: column('loss'),
    accuracy: column('accuracy'),
    validationLoss: column('validationLoss'),
    validationAccuracy: column('validationAccuracy'),
    seconds: column('seconds'),
    imagesPerSecond: column('imagesPerSecond'),
    learningRate: column('learningRate'),
  };
}

export interface FormatOptions {
  /** Whether the table has the seconds of each epoch, which differ from run to run. Default false. */
  readonly times?: boolean;
}

/**
 * The history as a table of plain text, one line per epoch. Without `times` it is the same in every run.
 *
 * @example console.log(formatHistory(history))
 */
export function formatHistory(history: History, o: FormatOptions = {}): string {
  checkHistory('formatHistory', history);
  checkOptions<FormatOptions>('formatHistory', o, { times: flag });
  return tableOf(history, o.times ?? false);
}

/** Throws unless it has the lists of a history, as long as they have to be. */
export function checkHistory(callee: string, history: unknown): void {
  if (!isObject(history)) {
    throw new TypeError(`${callee}: history is ${shown(history)}, expected what train returns`);
  }
  checkNumbers(callee, 'history.loss', history.loss);
  checkFinite(callee, 'history.loss', history.loss);
  const epochs = history.loss.length;
  for (const name of ['accuracy', 'seconds', 'imagesPerSecond', 'validationLoss', 'validationAccuracy']) {
    const column = history[name];
    checkNumbers(callee, `history.${name}`, column);
    checkFinite(callee, `history.${name}`, column);
    if (column.length === epochs || (column.length === 0 && name.startsWith('validation'))) continue;
    throw new RangeError(
      `${callee}: history.${name} has ${column.length} numbers, expected ${epochs}, one for each epoch`,
    );
  }
  if ((history.validationLoss as number[]).length !== (history.validationAccuracy as number[]).length) {
    throw new RangeError(
      `${callee}: history.validationAccuracy has ${(history.validationAccuracy as number[]).length} numbers, ` +
        `expected as many as validationLoss`,
    );
  }
}

function tableOf(history: History, times: boolean): string {
  const validated = history.validationLoss.length > 0;
  const header = ['epoch', 'loss', 'accuracy'];
  if (validated) header.push('validation loss', 'validation accuracy');
  if (times) header.push('seconds', 'images/s');
  const rows = history.loss.map((loss, i) => {
    const row = [String(i + 1), loss.toFixed(4), percent(history.accuracy[i])];
    if (validated) row.push(history.validationLoss[i].toFixed(4), percent(history.validationAccuracy[i]));
    if (times) row.push(history.seconds[i].toFixed(2), history.imagesPerSecond[i].toFixed(0));
    return row;
  });
  const widths = header.map((title, j) =>
    rows.reduce((widest, row) => Math.max(widest, row[j].length), title.length),
  );
  return [header, ...rows].map((row) => row.map((cell, j) => cell.padStart(widths[j])).join('  ')).join('\n');
}

/** 0.98765 as `98.77 %`. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}
