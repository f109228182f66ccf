/** The shapes of many cells, found in a thread that is given up when a cell takes too long. */
import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Shape } from './shape';

const SECONDS = 2;
const MEGABYTES = 256;
/** Nobody writes so much into one cell by hand. */
const LONGEST = 30_000;

/** In the order of the cells; undefined for a cell that cannot be read within the limits. */
export async function shapesOf(
  cells: readonly { readonly source: string; readonly stub: string }[],
): Promise<(Shape | undefined)[]> {
  const shapes: (Shape | undefined)[] = [];
  let worker: Worker | undefined;
  for (const { source, stub } of cells) {
    if (source.length > LONGEST) {
      shapes.push(undefined);
      continue;
    }
    worker ??= await startWorker();
    worker.postMessage({ source, stub });
    try {
      const [shape] = (await once(worker, 'message', { signal: AbortSignal.timeout(1000 * SECONDS) })) as [
        Shape | undefined,
      ];
      shapes.push(shape);
    } catch {
      // Out of time or out of memory: the next cell gets a new thread.
      await worker.terminate();
      worker = undefined;
      shapes.push(undefined);
    }
  }
  await worker?.terminate();
  return shapes;
}

async function startWorker(): Promise<Worker> {
  const worker = new Worker(join(__dirname, 'worker.ts'), {
    execArgv: ['-r', join(__dirname, '..', '..', 'typescript.js')],
    resourceLimits: { maxOldGenerationSizeMb: MEGABYTES },
  });
  await once(worker, 'message');
  return worker;
}
