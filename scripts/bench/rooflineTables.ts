/**
 * What the roofline model makes of the engine's work and of the machine's ceilings, as Markdown tables for roofline.ts.
 *
 *   time of a step ≥ max(multiply-adds / peak, bytes / bandwidth)    images forward and backward
 *                  + multiply-adds / peak                            gradients of dense weights
 *                  + max(quotients / their rate, bytes / bandwidth)  Adam
 *                  + two barriers
 *
 * Pooling, batch normalization, dropout, loss and copies count as bytes only, so that more is allowed than can be.
 */
import { median } from 'convlab';
import type { Ceilings, Loop } from './rooflineCeilings';
import type { HalfStep, StepWork } from './rooflineWork';

export interface Trained {
  readonly network: string;
  readonly batch: number;
  readonly work: StepWork;
  /** The shares of each pooled convolution's outputs and of each dense layer's inputs that are not 0. */
  readonly live: readonly number[];
  readonly ways: readonly Way[];
}

/** How it was trained, and how fast in each round. */
export interface Way {
  readonly ceilings: Ceilings;
  readonly fast: boolean;
  readonly imagesPerSecond: readonly number[];
}

/** A part of a step: the least seconds that it takes. */
interface Part {
  readonly name: string;
  readonly seconds: number;
}

function leastTimes({ batchHalf, updateHalf, parameters }: StepWork, { ceilings, fast }: Way): Part[] {
  const arithmetic = ({ multiplyAdds }: HalfStep) =>
    multiplyAdds / ceilings.highest({ kind: 'multiplyAdds', fused: fast });
  const memory = ({ read, written }: HalfStep) => {
    // Nearly all that is written is read as well, so that the larger of the two tells how much room it takes.
    const workingSet = (4 * Math.max(read, written)) / ceilings.threads;
    return (4 * (read + written)) / ceilings.bytesAt(workingSet);
  };
  const quotients = parameters / ceilings.highest({ kind: 'quotients' });
  const longer = (name: string, first: Part, second: Part): Part => {
    const { name: bound, seconds } = first.seconds > second.seconds ? first : second;
    return { name: `${name} (${bound})`, seconds };
  };
  return [
    longer(
      'images',
      { name: 'arithmetic', seconds: arithmetic(batchHalf) },
      { name: 'memory', seconds: memory(batchHalf) },
    ),
    { name: 'dense gradients', seconds: arithmetic(updateHalf) },
    longer(
      'Adam',
      { name: 'quotients', seconds: quotients },
      { name: 'memory', seconds: memory(updateHalf) },
    ),
    { name: 'barriers', seconds: 2 * ceilings.secondsOfBarrier },
  ];
}

export function ceilingsTable(all: readonly Ceilings[]): string {
  const head = ['threads', ...all[0].all().map(([loop]) => titleOf(loop))];
  const rows = all.map((ceilings) => [
    ceilings.threads,
    ...ceilings.all().map(([{ kind }, rates]) => {
      const shown = (rate: number) =>
        kind === 'barriers' ? ((1e6 * ceilings.threads) / rate).toFixed(2) : (rate / 1e9).toPrecision(3);
      return `${shown(Math.max(...rates))} (${shown(median(rates))})`;
    }),
  ]);
  return `Billions a second, the highest (median)\n\n${table(head, rows)}`;
}

function titleOf(loop: Loop): string {
  switch (loop.kind) {
    case 'multiplyAdds':
      return `multiply-adds, ${loop.fused ? 'fused' : 'exact'}`;
    case 'bytes': {
      const kibibytes = loop.workingSet / 2 ** 10;
      return `bytes of ${kibibytes < 2 ** 10 ? `${kibibytes} KiB` : `${kibibytes / 2 ** 10} MiB`}`;
    }
    case 'quotients':
      return 'quotients';
    case 'barriers':
      return 'a barrier, µs';
  }
}

export function workTable(all: readonly Trained[]): string {
  const head = [
    'network',
    'batch',
    'multiply-adds an image, by the book',
    'that have to be done',
    'outputs of pooled, inputs of dense layers that are not 0',
    'MB a step, images',
    'MB a step, Adam',
  ];
  const megabytes = ({ read, written }: HalfStep) => ((4 * (read + written)) / 1e6).toFixed(1);
  const rows = all.map(({ network, batch, work, live }) => [
    network,
    batch,
    whole(work.byTheBook / batch),
    `${whole(needed(work) / batch)} (${percent(needed(work) / work.byTheBook)})`,
    live.map(percent).join(', '),
    megabytes(work.batchHalf),
    megabytes(work.updateHalf),
  ]);
  return table(head, rows);
}

export function speedTable(all: readonly Trained[]): string {
  const head = [
    'network',
    'batch',
    'threads',
    'build',
    'the least time, µs a step',
    'images/s at most',
    'images/s reached: median (lowest to highest)',
    'share',
    'of the peak',
  ];
  const rows = all.flatMap(({ network, batch, work, ways }) =>
    ways.map((way) => {
      const { ceilings, fast, imagesPerSecond } = way;
      const parts = leastTimes(work, way);
      const seconds = parts.reduce((sum, part) => sum + part.seconds, 0);
      const reached = median(imagesPerSecond);
      const peak = ceilings.highest({ kind: 'multiplyAdds', fused: fast });
      return [
        network,
        batch,
        ceilings.threads,
        fast ? 'fast' : 'exact',
        parts
          .filter((part) => part.seconds >= 0.005 * seconds)
          .map((part) => `${part.name} ${whole(1e6 * part.seconds)}`)
          .join(', '),
        whole(batch / seconds),
        `${whole(reached)} (${whole(Math.min(...imagesPerSecond))} to ${whole(Math.max(...imagesPerSecond))})`,
        percent((reached * seconds) / batch),
        percent((needed(work) * reached) / batch / peak),
      ];
    }),
  );
  return table(head, rows);
}

function needed({ batchHalf, updateHalf }: StepWork): number {
  return batchHalf.multiplyAdds + updateHalf.multiplyAdds;
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
