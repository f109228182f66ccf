/** What a page and the worker that holds its engine say to each other. */
import type { Dataset } from '../data/dataset';
import type { AugmentOptions } from '../data/randomChanges';
import { NotFiniteError } from '../engine/engine';
import { type Network, Unsupported } from '../engine/layers/readLayers';
import type { EngineOptions } from '../engine/types';
import { EnvironmentError, type EnvironmentProblem } from '../errors';

type ImagesName = 'training' | 'predicted';

export interface Augmentation {
  readonly dataset: Pick<Dataset, 'images' | 'imageShape' | 'size'>;
  readonly limits: AugmentOptions;
  readonly seed: number;
  readonly epochs: number;
}

export type Request =
  /** Prepares the engine. Answer: how many threads. */
  | {
      readonly kind: 'open';
      readonly network: Network;
      readonly weights: readonly Float32Array[];
      readonly options: EngineOptions;
    }
  /** Images to keep, in the place of those of this name. */
  | { readonly kind: 'images'; readonly name: ImagesName; readonly images: Float32Array }
  /** Images that are changed anew for each of the epochs 1 … `epochs`. */
  | ({ readonly kind: 'augment' } & Augmentation)
  /** Keeps those of the next epoch, to be trained on. */
  | { readonly kind: 'nextEpoch' }
  /** One pass, as the engine's `train`. Answer: {@link Trained}. */
  | {
      readonly kind: 'train';
      readonly images: ImagesName;
      readonly labels: Uint8Array;
      readonly order: Int32Array;
      readonly learningRates: Float32Array;
    }
  /** Answer: the outputs. */
  | {
      readonly kind: 'predict';
      readonly images: ImagesName;
      readonly averaged: boolean;
      readonly scores: boolean;
    }
  /** Answer: the weights. */
  | { readonly kind: 'weights'; readonly averaged: boolean };

/** Stops the training that is running; has no answer of its own. */
export const ABORT = 'abort';

export interface Trained {
  readonly steps: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly aborted: boolean;
}

export type Reply =
  | { readonly progress: { readonly step: number; readonly loss: number; readonly accuracy: number } }
  | { readonly answer: unknown }
  | { readonly error: PlainError };

/** An error without its class, which no message carries. */
export interface PlainError {
  readonly name: string;
  readonly message: string;
  readonly code?: EnvironmentProblem;
  readonly what?: 'step' | 'image';
  readonly index?: number;
  readonly where?: string;
}

export function plainError(error: unknown): PlainError {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const { code } = error as EnvironmentError;
  const { what, index, where } = error as NotFiniteError;
  return { name, message, code, what, index, where };
}

export function errorOf({ name, message, code, what, index, where }: PlainError): Error {
  if (code !== undefined) return new EnvironmentError(code, message);
  if (what !== undefined) return new NotFiniteError(what, index ?? 0, where ?? '');
  if (name === 'Unsupported') return new Unsupported(message);
  const kinds: Readonly<Record<string, new (text: string) => Error>> = { RangeError, TypeError };
  return new (kinds[name] ?? Error)(message);
}
