/**
 * A training as a notebook's reader sees it: curves that grow below the cell, and what they end as.
 *
 * All trainings of a cell share one output, however many there are. While they run it is a still picture, drawn at most
 * four times a second. In the end it is an ordinary figure, or a line of text if no training had two epochs, from which
 * a curve could be drawn. Nothing that is left depends on the time that it took.
 */
import type { Sequential } from '@tensorflow/tfjs-layers';
import type { Dataset } from '../data/dataset';
import { cellKey, isNotebook, LiveOutput, type Bundle, type View } from '../notebook';
import { mimeBundle, stillBundle } from '../plot/draw';
import { columns, type EpochRecord } from './history';
import { drawnTrainings, type DrawnTraining, type Moment } from './learningCurves';
import type { BatchRecord, Settings } from './options';
import { endingOf, rangeOf, speed, timeLeft, type Ended } from './status';

/** The trainings of a cell, in the order in which they began. */
const ofCell = new WeakMap<object, TrainingsOutput>();

/** Runs a training, and shows in a notebook how it goes. */
export async function watched<Run extends Ended>(
  model: Sequential,
  dataset: Dataset,
  settings: Settings,
  run: (settings: Settings) => Promise<Run>,
): Promise<Run> {
  if (settings.quiet || !isNotebook()) return run(settings);
  const { epochs, onBatch, onEpoch } = settings;
  const watch = new TrainingWatch(outputOfCell(), model.name, dataset.size, epochs);
  try {
    const ended = await run({
      ...settings,
      onBatch(batch) {
        watch.batch(batch);
        onBatch?.(batch);
      },
      onEpoch(epoch) {
        watch.epoch(epoch);
        return onEpoch?.(epoch);
      },
    });
    watch.end(ended);
    return ended;
  } catch (error) {
    watch.fail();
    throw error;
  }
}

function outputOfCell(): TrainingsOutput {
  const cell = cellKey();
  const output = (cell && ofCell.get(cell)) ?? new TrainingsOutput();
  if (cell) ofCell.set(cell, output);
  return output;
}

/** One training, as far as it has come. */
class TrainingWatch {
  records: readonly EpochRecord[] = [];
  ended: Ended | undefined;
  /** Of the present epoch. */
  private now: Moment[] = [];
  /** When the present epoch was first seen to run, and how many images it had seen by then. */
  private since: { readonly time: number; readonly images: number } | undefined;
  /** Images per second. */
  private rate: number | undefined;
  private place: string;
  /** Images that are to come. */
  private left: number;

  constructor(
    private readonly output: TrainingsOutput,
    readonly name: string,
    /** How many images an epoch has. */
    private readonly images: number,
    readonly epochs: number,
  ) {
    this.place = `epoch 1 of ${epochs}`;
    this.left = epochs * images;
    output.add(this);
  }

  batch({ epoch, batch, batches, loss, accuracy }: BatchRecord): void {
    const time = performance.now();
    const images = (this.images * batch) / batches;
    if (!this.since) this.since = { time, images };
    else if (time > this.since.time) {
      this.rate = (1000 * (images - this.since.images)) / (time - this.since.time);
    }
    this.now.push({ epoch: epoch - 1 + batch / batches, loss, accuracy });
    this.place = `epoch ${epoch} of ${this.epochs}`;
    this.left = (this.epochs - epoch + 1) * this.images - images;
    this.output.offer();
  }

  epoch(record: EpochRecord): void {
    const { epoch, imagesPerSecond } = record;
    this.records = [...this.records, record];
    this.now = [];
    this.since = undefined;
    this.rate = imagesPerSecond;
    this.place = `epoch ${Math.min(this.epochs, epoch + 1)} of ${this.epochs}`;
    this.left = (this.epochs - epoch) * this.images;
    this.output.offer();
  }

  end(ended: Ended): void {
    this.ended = ended;
    this.records = ended.records;
    this.now = [];
    this.output.settle();
  }

  /** Ended by an error. */
  fail(): void {
    const { records, epochs } = this;
    this.end({ records, epochs, stopped: 'failed', steps: 0, stepsPerEpoch: 0 });
  }

  get drawn(): DrawnTraining {
    const { records, now } = this;
    return { name: this.name, first: records[0]?.epoch ?? 1, curves: columns(records), now };
  }

  get status(): string {
    if (this.ended) return endingOf(this.ended);
    const { rate } = this;
    return [this.place, ...(rate ? [speed(rate), timeLeft(this.left / rate)] : [])].join(' · ');
  }
}

/** What a cell's trainings show. */
class TrainingsOutput {
  private readonly trainings: TrainingWatch[] = [];
  private readonly output = new LiveOutput();
  private readonly view: View = { live: () => this.live(), final: () => this.final() };

  add(training: TrainingWatch): void {
    this.trainings.push(training);
    this.offer();
  }

  offer(): void {
    this.output.offer(this.view);
  }

  settle(): void {
    this.output.settle(this.view);
  }

  private live(): Bundle {
    const { trainings } = this;
    const { status } = trainings[trainings.length - 1];
    const title = trainings.length === 1 ? status : `training ${trainings.length} · ${status}`;
    const drawn = this.drawn();
    const isEmpty = drawn.every(({ curves, now }) => curves.loss.length + now.length === 0);
    if (isEmpty) return { 'text/plain': title };
    return stillBundle(drawnTrainings(drawn, largest(trainings.map(({ epochs }) => epochs)), title));
  }

  private final(): Bundle {
    const { trainings } = this;
    // One may run on after its cell.
    const ended = trainings.flatMap((training) => training.ended ?? []);
    const title = trainings.length === 1 ? trainings[0].status : rangeOf(ended);
    const epochs = largest(this.drawn().map(({ first, curves }) => first - 1 + curves.loss.length));
    if (trainings.every(({ records }) => records.length < 2)) return { 'text/plain': title };
    return mimeBundle(drawnTrainings(this.drawn(), epochs, title));
  }

  private drawn(): DrawnTraining[] {
    const all = this.trainings.map((training) => training.drawn);
    const names = new Set(all.map(({ name }) => name));
    // Numbers, where the networks have one name, or those that TensorFlow.js counts.
    const isNamed = names.size === all.length && all.every(({ name }) => !/^sequential(_\d+)?$/.test(name));
    return isNamed ? all : all.map((training, i) => ({ ...training, name: String(i + 1) }));
  }
}

function largest(numbers: readonly number[]): number {
  return numbers.reduce((most, number) => Math.max(most, number), 0);
}
