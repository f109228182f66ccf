/** The thread that {@link programOf} runs in. */
import { parentPort } from 'node:worker_threads';
import { programOf, type ProgramRequest } from './program';

parentPort?.on('message', (request: ProgramRequest) => parentPort?.postMessage(programOf(request)));
// Ready.
parentPort?.postMessage(undefined);
