/** Answers run here, where a loop that never ends can be stopped: `assets/exercises.js`. */
import { runAnswer, type Run } from './run';

export type Reply = { readonly kind: 'begun' } | ({ readonly kind: 'done' } & Run);

interface WorkerScope {
  addEventListener(type: 'message', listener: (event: { readonly data: string }) => void): void;
  postMessage(reply: Reply): void;
}

const scope = globalThis as unknown as WorkerScope;

scope.addEventListener('message', ({ data }) => {
  scope.postMessage({ kind: 'begun' });
  scope.postMessage({ kind: 'done', ...runAnswer(data) });
});
