/** The thread that {@link programOf} runs in. */
import { parentPort } from 'node:worker_threads';
import { programOf, type ProgramRequest } from './program';

parentPort?.on('message', ({ id, request }: { id: number; request: ProgramRequest }) => {
  parentPort?.postMessage({ id, program: programOf(request) });
});
parentPort?.postMessage({ id: 0 });
