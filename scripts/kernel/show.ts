/** A value as a cell's result: a MIME bundle. */
import { valueText } from './values';
import type { Content } from './wire';

/** A convention of Deno and others: a method of this name returns the object's MIME bundle. */
const DISPLAY = Symbol.for('Jupyter.display');
/** Nobody reads more than this; it would make the file large and the page slow. */
const MOST_LINES = 100;
const MOST_CHARACTERS = 20_000;

/** Node does not export the classes of its timers. */
const [TIMEOUT, IMMEDIATE] = [setTimeout(() => undefined), setImmediate(() => undefined)].map(
  (timer) => (timer as object).constructor as new () => object,
);

/**
 * The bundle of a value, or undefined when there is nothing to show.
 *
 * @throws what the value's own method throws
 */
export async function shownValue(value: unknown): Promise<Content | undefined> {
  // What setTimeout returns means nothing to a reader, and differs in every run.
  if (value === undefined || isTimer(value)) return undefined;
  return (await ownBundle(value)) ?? { 'text/plain': shortened(textOf(value)) };
}

/** The bundle that the value's own method returns; undefined if there is no such method, or it returns something else. */
async function ownBundle(value: unknown): Promise<Content | undefined> {
  const display = displayOf(value);
  if (typeof display !== 'function') return undefined;
  const bundle: unknown = await (display as () => unknown).call(value);
  if (typeof bundle !== 'object' || bundle === null || Object.keys(bundle).length === 0) return undefined;
  // A bundle that is not JSON could not be sent.
  return JSON.parse(JSON.stringify(bundle)) as Content;
}

function displayOf(value: unknown): unknown {
  try {
    return (value as { [DISPLAY]?: unknown } | null)?.[DISPLAY];
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string {
  try {
    return valueText(value);
  } catch {
    return 'a value that cannot be shown: reading it throws';
  }
}

function isTimer(value: unknown): boolean {
  try {
    return value instanceof TIMEOUT || value instanceof IMMEDIATE;
  } catch {
    return false;
  }
}

/** Shortened, saying how much is left out. */
function shortened(text: string): string {
  const lines = text.split('\n');
  if (lines.length > MOST_LINES) {
    return `${shortened(lines.slice(0, MOST_LINES).join('\n'))}\n… ${lines.length - MOST_LINES} more lines`;
  }
  if (text.length <= MOST_CHARACTERS) return text;
  return `${text.slice(0, MOST_CHARACTERS)}… ${text.length - MOST_CHARACTERS} more characters`;
}
