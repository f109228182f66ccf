/** The elements of a static picture: paths, images, texts. */
import { LINE_HEIGHT } from './text';

export function pathSvg(pieces: readonly string[], colour: string, width: number, more = ''): string {
  if (pieces.length === 0) return '';
  // Thin lines on whole pixels, all equally dark.
  const crisp = width === 1 ? ' shape-rendering="crispEdges"' : '';
  return `<path fill="none" stroke="${colour}" stroke-width="${width}"${crisp}${more} d="${pieces.join('')}"/>`;
}

interface TextLook {
  readonly size: number;
  /** Which part of the text is at its place. Default `middle`. */
  readonly anchor?: 'start' | 'middle' | 'end';
  /** Written upwards. */
  readonly turned?: boolean;
  /** Default: the page's. */
  readonly ink?: string;
}

/** Lines of text whose middle, or one end, is at a place. */
export function textSvg(
  text: string,
  x: number,
  y: number,
  { size, anchor = 'middle', turned, ink }: TextLook,
): string {
  const lines = text.split('\n');
  const look = ink === undefined ? 'class="convlab-text"' : `fill="${ink}"`;
  const turn = turned ? ` transform="rotate(-90 ${px(x)} ${px(y)})"` : '';
  return lines
    .map((line, i) => {
      // A baseline is a third of the font size below the middle of digits and capitals.
      const baseline = y + (i - (lines.length - 1) / 2) * LINE_HEIGHT * size + 0.36 * size;
      return `<text x="${px(x)}" y="${px(baseline)}" font-size="${size}" text-anchor="${anchor}" ${look}${turn}>${escaped(line)}</text>`;
    })
    .join('');
}

export function imageSvg(address: string, x: number, y: number, width: number, height: number): string {
  return (
    `<image x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(height)}" preserveAspectRatio="none" ` +
    `style="image-rendering:pixelated" href="${address}"/>`
  );
}

/** Without control characters, which XML does not allow. */
function escaped(text: string): string {
  return text
    .replace(/(?!\t)\p{Cc}/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;');
}

/** A length in pixels, to a hundredth. */
export function px(value: number): number {
  return Math.round(value * 100) / 100 + 0;
}
