/**
 * `npm run bench:train [-- options]`: how fast networks train and predict with ConvLab's engine, PyTorch, tfjs-node and
 * the wasm backend of TensorFlow.js, or as many of them as this machine has. The options are in trainSettings.ts.
 *
 * The rounds of all contestants are interleaved, so that whatever slows the machine down for a while slows them all
 * down. Figures may be compared only within one run, and only on a machine that does nothing else.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadMnist, median } from 'convlab';
import { runTool, untilStopped } from '../commandLine';
import { replaceFile } from '../replaceFile';
import {
  availableKinds,
  Contestant,
  startNeighbour,
  type Kind,
  type Mode,
  type NetworkName,
  type Started,
} from './trainContestants';
import { readSettings, usage, type Settings } from './trainSettings';

interface Entry {
  readonly contestant: string;
  readonly variant: string;
  readonly threads: number | undefined;
  readonly neighbours: number;
  readonly mode: Mode;
  readonly imagesPerSecond: number[];
}

interface Process extends Started {
  readonly contestant: string;
}

interface Cell {
  readonly network: NetworkName;
  readonly batch: number;
  readonly entries: readonly Entry[];
  readonly processes: readonly Process[];
}

async function main(args: readonly string[]): Promise<void> {
  const settings = readSettings(args);
  if (settings === null) {
    console.log(usage);
    return;
  }
  const { kinds: all, missing } = availableKinds(settings.nodes);
  const kinds = all.filter(({ name }) => settings.only?.includes(name) ?? true);
  if (missing.length > 0) console.log(`Not compared here: ${missing.join('; ')}\n`);
  const cells: Cell[] = [];
  await untilStopped(
    (signal) => measureAll(settings, kinds, cells, signal),
    () => `measured are ${cells.length} of ${settings.cells.length} networks and batches`,
  );
  if (cells.length > 1) console.log(`${ratios(cells)}\n`);
  if (settings.json !== undefined) {
    const machine = { cpu: cpus()[0].model, cores: availableParallelism(), node: process.version };
    replaceFile(settings.json, `${JSON.stringify({ machine, settings, cells }, null, 2)}\n`);
  }
}

/** Adds a cell for each network and batch size, and prints its table. */
async function measureAll(
  settings: Settings,
  kinds: readonly Kind[],
  cells: Cell[],
  signal: AbortSignal,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'convlab-bench-'));
  try {
    const { train } = await loadMnist();
    const files = { images: join(folder, 'images'), labels: join(folder, 'labels') };
    writeFileSync(files.images, train.images);
    writeFileSync(files.labels, train.labels);
    for (const { network, batch } of settings.cells) {
      const cell = await compare(network, batch, kinds, settings, files, signal);
      cells.push(cell);
      console.log(`${table(cell)}\n`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Measures all contestants on one network and batch size, each in a process of its own. */
async function compare(
  network: NetworkName,
  batch: number,
  kinds: readonly Kind[],
  { rounds, seconds, threads, neighbours, modes }: Settings,
  files: { images: string; labels: string },
  signal: AbortSignal,
): Promise<Cell> {
  signal.throwIfAborted();
  const contestants = kinds.map((kind) => new Contestant(kind));
  const running: { end(): void }[] = [];
  // Whoever waits for one of them then goes on.
  const stop = (): void => contestants.forEach((contestant) => contestant.end());
  signal.addEventListener('abort', stop);
  try {
    const processes: Process[] = [];
    for (const contestant of contestants) {
      const started = await contestant.start({ network, batch, threads, ...files });
      processes.push({ contestant: titleOf(contestant), ...started });
    }
    const plans = neighbours.flatMap((busy) =>
      contestants.flatMap((contestant) =>
        contestant.kind.variants.flatMap((variant) =>
          (contestant.kind.threaded ? threads : [undefined]).flatMap((count) =>
            modes.map((mode) => ({
              contestant,
              entry: {
                contestant: titleOf(contestant),
                variant,
                threads: count,
                neighbours: busy,
                mode,
                imagesPerSecond: [] as number[],
              },
            })),
          ),
        ),
      ),
    );
    for (let round = 0; round <= rounds; round++) {
      for (const { contestant, entry } of plans) {
        while (running.length > entry.neighbours) running.pop()?.end();
        while (running.length < entry.neighbours) running.push(startNeighbour());
        const { variant, mode } = entry;
        const { imagesPerSecond } = await contestant.round({
          network,
          batch,
          mode,
          variant,
          threads: entry.threads ?? 1,
          seconds: round === 0 ? seconds / 4 : seconds,
        });
        // Round 0 warms up: compilers, caches, thread pools.
        if (round > 0) entry.imagesPerSecond.push(imagesPerSecond);
        // PyTorch's idle threads spin for a while before they sleep, and would take time from the next contestant.
        await sleep(250, undefined, { signal });
      }
    }
    return { network, batch, entries: plans.map(({ entry }) => entry), processes };
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    for (const neighbour of running) neighbour.end();
    stop();
  }
}

function titleOf({ kind }: Contestant): string {
  return kind.title ?? kind.name;
}

function table({ network, batch, entries, processes }: Cell): string {
  const lines = [`${network}, batch ${batch}`];
  for (const mode of ['train', 'predict'] as const) {
    const ofMode = entries.filter((entry) => entry.mode === mode);
    if (ofMode.length === 0) continue;
    lines.push(`  ${mode === 'train' ? 'training' : 'inference'}, images/s: median (lowest … highest)`);
    for (const entry of ofMode) {
      const { contestant, variant, threads, neighbours, imagesPerSecond } = entry;
      const name = [
        `${contestant} ${variant}`,
        ...(threads === undefined ? [] : [counted(threads, 'thread')]),
        ...(neighbours === 0 ? [] : [counted(neighbours, 'neighbour')]),
      ].join(', ');
      const middle = median(imagesPerSecond);
      const spread = `(${whole(Math.min(...imagesPerSecond))} … ${whole(Math.max(...imagesPerSecond))})`;
      const beside = ofMode.filter((other) => other.neighbours === neighbours);
      const best = Math.max(
        ...beside
          .filter((other) => other.contestant === 'pytorch')
          .map((other) => median(other.imagesPerSecond)),
      );
      const alone = beside.find(
        (other) => other.threads === 1 && other.contestant === contestant && other.variant === variant,
      );
      const ratios = [
        ...(best > 0 ? [`${(middle / best).toFixed(2)} × PyTorch's best`] : []),
        ...(alone && alone !== entry
          ? [`${(middle / median(alone.imagesPerSecond)).toFixed(2)} × one thread`]
          : []),
      ];
      lines.push(
        `    ${name.padEnd(52)} ${whole(middle).padStart(8)} ${spread.padStart(21)}  ${ratios.join(', ')}`.trimEnd(),
      );
    }
  }
  lines.push('  first step, memory');
  for (const { contestant, version, firstStep, baseline, peak } of processes) {
    const grown = peak - baseline;
    lines.push(
      `    ${`${contestant} (${version})`.padEnd(44)} ${firstStep.toFixed(0).padStart(5)} ms, ` +
        `${whole(baseline)} MB before, ${whole(peak)} MB at most: ${(grown / batch).toFixed(2)} MB per image of a batch`,
    );
  }
  return lines.join('\n');
}

/** A line for each cell: ConvLab's exact arithmetic beside PyTorch's best, on all threads and without neighbours. */
function ratios(cells: readonly Cell[]): string {
  const lines = cells.flatMap(({ network, batch, entries }) => {
    const most = Math.max(...entries.map(({ threads = 1 }) => threads));
    const speedOf = (isWanted: (entry: Entry) => boolean): number =>
      Math.max(
        ...entries
          .filter((entry) => entry.mode === 'train' && entry.neighbours === 0 && entry.threads === most)
          .filter(isWanted)
          .map(({ imagesPerSecond }) => median(imagesPerSecond)),
      );
    const own = speedOf(({ contestant, variant }) => contestant.startsWith('simd') && variant === 'exact');
    const torch = speedOf(({ contestant }) => contestant === 'pytorch');
    if (own < 0 || torch < 0) return [];
    const name = `${network}, batch ${batch}`.padEnd(28);
    return [`  ${name} ${whole(own).padStart(8)} ${whole(torch).padStart(8)}  ${(own / torch).toFixed(2)}`];
  });
  return ['training, images/s: ConvLab, PyTorch at its best, ratio', ...lines].join('\n');
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count > 1 ? 's' : ''}`;
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

runTool('npm run bench:train', main);
