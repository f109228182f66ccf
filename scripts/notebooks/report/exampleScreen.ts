/** A terminal for the tests of live lines: cursor up, erase below, colours ignored. */

/** The contents of the screen after `written`, line by line. */
export function resolveScreen(written: string): string[] {
  const lines = [''];
  let row = 0;
  for (const [piece, up, below] of written.matchAll(/\x1b\[(\d+)A|(\x1b\[0J)|\x1b\[\d+m|\n|[^\x1b\n]+/g)) {
    if (up !== undefined) row -= Number(up);
    else if (below !== undefined) lines.splice(row, lines.length, '');
    else if (piece === '\n') {
      row++;
      if (row === lines.length) lines.push('');
    } else if (!piece.startsWith('\x1b')) lines[row] += piece;
  }
  return lines;
}
