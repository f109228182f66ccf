/**
 * What a stream's text looks like once a terminal has shown it: carriage returns and backspaces resolved (a progress
 * bar's last state), colours and other escape sequences dropped.
 *
 * A cell's chunks of one stream are joined before anything else, wherever figures or the other stream came between:
 * where a kernel cuts its text, and in which order text and figures arrive, is a matter of chance.
 */
import { stripVTControlCharacters } from 'node:util';

/** A bell, unless it ends an operating system command (`ESC ] … BEL`). */
const BELL = /(?<!\x1b\][^\x07\x1b]*)\x07/g;

/**
 * Drops ANSI colours and every other escape sequence. Bells are removed first: Node takes a colour and all text up to a
 * bell for one sequence, and what it swallowed would not be compared.
 */
export function stripEscapes(text: string): string {
  return stripVTControlCharacters(text.replace(BELL, ''));
}

/** ECMA-48's "erase in line": to its end (0, the default), from its start (1), all of it (2). */
const ERASE = /\x1b\[([012]?)K/g;
/** A private character for each kind of erasing, which marks it when all other escape sequences are gone. */
const TO_END = '\u{F0000}';
const ALL = '\u{F0002}';

/** Resolves `\r`, `\b` and "erase in line", drops all other escape sequences. */
export function resolveTerminal(text: string): string {
  const marked = text.replace(ERASE, (_, what: string) => (what === '1' ? '' : what === '2' ? ALL : TO_END));
  return stripEscapes(marked).split('\n').map(resolveLine).join('\n');
}

function resolveLine(line: string): string {
  // A carriage return right before the end of the line leads to no overwriting.
  const text = line.replace(/\r+$/, '');
  if (!/[\r\b\u{F0000}\u{F0002}]/u.test(text)) return text;
  const shown: string[] = [];
  let column = 0;
  for (const character of text) {
    if (character === '\r') column = 0;
    else if (character === '\b') column = Math.max(0, column - 1);
    else if (character === TO_END) shown.length = Math.min(shown.length, column);
    else if (character === ALL) shown.length = 0;
    else {
      while (shown.length < column) shown.push(' ');
      shown[column++] = character;
    }
  }
  return shown.join('');
}
