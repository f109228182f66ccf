/** What a student's process says, read as what it is: text by somebody who may want anything. */
import { visible } from '../../notebooks/notebook/notebook';
import { decode, WireError } from '../sandbox/wire';

export type Answer =
  | { readonly value: unknown; readonly changed?: number }
  | { readonly threw: { readonly name: string; readonly message: string } }
  | { readonly fault: string }
  | { readonly undeclared: true }
  | { readonly notFunction: true };

/** Reads a line from a student's process: whatever it holds becomes an answer. */
export function replyOf(line: string): Answer {
  let reply: Readonly<Record<string, unknown>>;
  try {
    const parsed: unknown = JSON.parse(line);
    if (typeof parsed !== 'object' || parsed === null) return { fault: 'the answer cannot be read' };
    reply = parsed as Readonly<Record<string, unknown>>;
  } catch {
    return { fault: 'the answer cannot be read' };
  }
  if (reply.undeclared === true) return { undeclared: true };
  if (reply.notFunction === true) return { notFunction: true };
  if (typeof reply.unusable === 'string') return { fault: `the result ${shortText(reply.unusable)}` };
  if (typeof reply.threw === 'object' && reply.threw !== null) {
    const { name, message } = reply.threw as Readonly<Record<string, unknown>>;
    return { threw: { name: shortText(name), message: shortText(message) } };
  }
  if (!('value' in reply)) return { fault: 'the answer cannot be read' };
  try {
    const value = decode(reply.value);
    const { changed } = reply;
    return Number.isSafeInteger(changed) && (changed as number) >= 0
      ? { value, changed: changed as number }
      : { value };
  } catch (error) {
    if (error instanceof WireError) return { fault: `the result ${error.message}` };
    throw error;
  }
}

/** For one line of a terminal. */
function shortText(text: unknown): string {
  return typeof text === 'string' ? visible(text.slice(0, 300)) : '';
}
