/** Answers run here, where a loop that never ends can be stopped: `assets/exercises.js`. */
import { loadDigits, type Digits } from '../unpack';
import { runAnswer, type Run } from './run';

export interface Question {
  readonly source: string;
  /** What the notebook defines above. */
  readonly definitions: string;
}

export type Reply = { readonly kind: 'begun' } | ({ readonly kind: 'done' } & Run);

interface WorkerScope {
  addEventListener(type: 'message', listener: (event: { readonly data: Question }) => void): void;
  postMessage(reply: Reply): void;
}

const scope = globalThis as unknown as WorkerScope;

scope.addEventListener('message', ({ data }) => void answer(data));

async function answer({ source, definitions }: Question): Promise<void> {
  // Loaded before the time of the answer begins.
  const digits = /\bloadMnist\b/.test(definitions + source) ? loadDigits('digits.bin') : undefined;
  await digits?.catch(() => undefined);
  scope.postMessage({ kind: 'begun' });
  const run = await runAnswer(source, { definitions, loadDigits: () => digits as Promise<Digits> });
  scope.postMessage({ kind: 'done', ...run });
}
