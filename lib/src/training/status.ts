/** How far a training is, and how it ended, in words. */
import { percent, type EpochRecord, type History } from './history';

/** A training that is over. */
export interface Ended {
  /** Of all epochs, those before a resumption included. */
  readonly records: readonly EpochRecord[];
  /** Epochs that were asked for. */
  readonly epochs: number;
  /** `failed`: ended by an error. */
  readonly stopped: History['stopped'] | 'failed';
  /** Optimizer steps done, and those of a whole epoch. */
  readonly steps: number;
  readonly stepsPerEpoch: number;
}

/** `10 epochs: loss 0.0048, accuracy 99.95 %`: the same in every run, so no times. */
export function endingOf(ended: Ended): string {
  const last = ended.records.at(-1);
  return `${placeOf(ended)}${last === undefined ? '' : `: ${measuresOf(last)}`}`;
}

/** Where it ended: `10 epochs`, `stopped after 3 of 10 epochs and 120 of 250 batches of the next`. */
function placeOf({ records, epochs, stopped, steps, stepsPerEpoch }: Ended): string {
  const done = records.at(-1)?.epoch ?? 0;
  if (stopped === 'finished') return done === 1 ? '1 epoch' : `${done} epochs`;
  if (stopped === 'early') return `stopped early after ${done} of ${epochs} epochs`;
  if (stopped === 'failed') return `ended by an error in epoch ${Math.min(epochs, done + 1)} of ${epochs}`;
  if (steps === 0) return 'stopped before the first batch';
  const batches = steps - done * stepsPerEpoch;
  const after = batches === 0 ? '' : ` and ${batches} of ${stepsPerEpoch} batches of the next`;
  return `stopped after ${done} of ${epochs} epochs${after}`;
}

/** What the cell after a stopped one says of the network. */
export function keptNote(network: string, ended: Ended): string {
  const kept = ended.steps === 0 ? 'is as it was before' : 'keeps what it has learned';
  return `The training of the network ${network} was ${placeOf(ended)}; the network ${kept}.\n`;
}

function measuresOf({ loss, accuracy, validationAccuracy }: EpochRecord): string {
  const validation =
    validationAccuracy === undefined ? '' : `, validation accuracy ${percent(validationAccuracy)}`;
  return `loss ${loss.toFixed(4)}, accuracy ${percent(accuracy)}${validation}`;
}

/** `3 trainings: validation accuracy 93.40 % to 93.70 %`. */
export function rangeOf(all: readonly Ended[]): string {
  const lastRecords = all.flatMap(({ records }) => records.slice(-1));
  const validated = lastRecords.every(({ validationAccuracy }) => validationAccuracy !== undefined);
  const values = lastRecords.map(
    (record) => (validated ? record.validationAccuracy : undefined) ?? record.accuracy,
  );
  const last = all.at(-1);
  const wasStopped = last?.stopped === 'aborted' || last?.stopped === 'failed';
  const many = `${all.length} trainings${wasStopped ? `, the last ${placeOf(last)}` : ''}`;
  if (values.length === 0) return many;
  const [least, most] = [Math.min(...values), Math.max(...values)].map(percent);
  return `${many}: ${validated ? 'validation ' : ''}accuracy ${least === most ? least : `${least} to ${most}`}`;
}

/** `4 s left`, `12 min left`, `1 h 20 min left`. */
export function timeLeft(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s left`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min left`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min left`;
}

/** Three digits: `12,300 images/s`. */
export function speed(imagesPerSecond: number): string {
  return `${Number(imagesPerSecond.toPrecision(3)).toLocaleString('en-US')} images/s`;
}
