/**
 * What a stream's text looks like once a terminal has shown it: carriage returns and backspaces resolved (a progress
 * bar's last state), colours and other escape sequences dropped.
 *
 * A cell's chunks of one stream are joined before anything else, wherever figures or the other stream came between:
 * where a kernel cuts its text, and in which order text and figures arrive, is chance.
 */

// ECMA-48 control sequences (CSI … letter), operating system commands (OSC … BEL or ST), and two-character escapes.
const escapeSequence = /\x1b(?:\[([0-?]*)[ -/]*([@-~])|\](?:[^\x07\x1b]*)(?:\x07|\x1b\\)|[@-Z\\^_])/g;

/** Drops ANSI colours and every other escape sequence. */
export function stripEscapes(text: string): string {
  return text.replace(escapeSequence, '');
}

/** Resolves `\r`, `\b` and "erase line", drops all other escape sequences. */
export function resolveTerminal(text: string): string {
  // Only the erasing of a line changes what stays readable; it is kept as one private character each.
  const marked = text.replace(
    escapeSequence,
    (_, parameter: string | undefined, letter: string | undefined) =>
      letter !== 'K' ? '' : parameter === '2' ? '\u{F0002}' : parameter === '1' ? '' : '\u{F0000}',
  );
  return marked
    .split('\n')
    .map((line) => resolveLine(line))
    .join('\n');
}

function resolveLine(line: string): string {
  // A carriage return right before the line's end moves nothing that is written over.
  const text = line.replace(/\r+$/, '');
  if (!/[\r\b\u{F0000}\u{F0002}]/u.test(text)) return text;
  const shown: string[] = [];
  let column = 0;
  for (const character of text) {
    if (character === '\r') column = 0;
    else if (character === '\b') column = Math.max(0, column - 1);
    else if (character === '\u{F0000}') shown.length = Math.min(shown.length, column);
    else if (character === '\u{F0002}') shown.length = 0;
    else {
      while (shown.length < column) shown.push(' ');
      shown[column++] = character;
    }
  }
  return shown.join('');
}
