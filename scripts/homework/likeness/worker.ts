/** The thread in which shapes are found, one at a time: a program may keep TypeScript's parser busy for ever. */
import { parentPort } from 'node:worker_threads';
import { shapeOf, type Shape } from './shape';

parentPort?.on('message', ({ source, stub }: { source: string; stub: string }) => {
  let shape: Shape | undefined;
  try {
    shape = shapeOf(source, stub);
  } catch {
    // Nested too deeply: it has no shape.
  }
  parentPort?.postMessage(shape);
});
// Ready: its time begins with the first cell.
parentPort?.postMessage(undefined);
