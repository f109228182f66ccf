/** Colours for a terminal that wants them (`util.styleText` is younger than the oldest Node that is supported). */

const codes = {
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
  bold: [1, 22],
  faint: [2, 22],
} as const;

export type Style = keyof typeof codes;
export type Paint = (style: Style, text: string) => string;

/** https://no-color.org and the widely used FORCE_COLOR; otherwise a terminal that is not `dumb`. */
export function painter(
  isTerminal: boolean,
  environment: Readonly<Record<string, string | undefined>>,
): Paint {
  const { NO_COLOR, FORCE_COLOR, TERM } = environment;
  const on = NO_COLOR
    ? false
    : FORCE_COLOR !== undefined
      ? FORCE_COLOR !== '0'
      : isTerminal && TERM !== 'dumb';
  return (style, text) =>
    on && text !== '' ? `\x1b[${codes[style][0]}m${text}\x1b[${codes[style][1]}m` : text;
}
