/** Texts of figures: their sizes in pixels, how wide they are, and where they break. Lines are separated by `\n`. */
import { FONT_WIDTHS } from './fontWidths';

export const FONT_SIZE = 13;
export const TITLE_SIZE = 15;
export const SMALL_SIZE = 11;
export const SIGN_SIZE = 22;
/** From one baseline to the next, in font sizes. */
export const LINE_HEIGHT = 1.3;
/** There is one of these on every system; `textWidth` assumes the widest, so that what fits here fits there. */
export const FONT_FAMILY = 'Helvetica, Arial, Liberation Sans, DejaVu Sans, sans-serif';

/**
 * How wide a text is at most, in pixels, in the faces of the family that are named. Calculated, not measured: the same on
 * every machine whatever its fonts. The widest line counts.
 */
export function textWidth(text: string, fontSize: number): number {
  const lines = text.split('\n').map((line) => {
    let sum = 0;
    for (const character of line) sum += characterWidth(character.codePointAt(0) as number);
    return sum;
  });
  return (Math.max(...lines) * fontSize) / 1000;
}

function characterWidth(code: number): number {
  for (const [first, widths] of FONT_WIDTHS) {
    const width = widths[code - first];
    if (width) return width;
  }
  // In another face, of which nothing is known; ideographs and most symbols are squares.
  return 1000;
}

/** Breaks a text into lines no wider than `width` where it has spaces. */
export function wrap(text: string, fontSize: number, width: number): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = lines.length === 0 ? word : `${lines[lines.length - 1]} ${word}`;
    if (lines.length > 0 && textWidth(longer, fontSize) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.join('\n');
}

/** The room that the lines of a text take, in pixels. */
export function textHeight(text: string, fontSize: number): number {
  return text.split('\n').length * fontSize * LINE_HEIGHT;
}

/** A text on one line. */
export function oneLine(text: string): string {
  return text.replaceAll('\n', ' ');
}
