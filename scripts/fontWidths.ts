/**
 * Writes lib/src/plot/fontWidths.ts: the widths of characters in the typefaces that figures name, so that text takes
 * the same space on every machine, whatever fonts it has.
 *
 *   node -r ./scripts/typescript.js scripts/fontWidths.ts LiberationSans-Regular.ttf DejaVuSans.ttf
 *
 * Liberation Sans has the same widths as Helvetica and Arial. On Debian: fonts-liberation, fonts-dejavu-core.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Font, parse } from 'opentype.js';
import { format, resolveConfig } from 'prettier';

/** The characters of titles, labels and numbers: first and last code point of each block. */
const BLOCKS: readonly (readonly [first: number, last: number, name: string])[] = [
  [0x20, 0x7e, 'ASCII'],
  [0xa0, 0x17f, 'Latin-1, Latin Extended-A'],
  [0x370, 0x3ff, 'Greek'],
  [0x400, 0x45f, 'Cyrillic'],
  [0x2010, 0x2026, 'punctuation'],
  [0x2070, 0x209c, 'superscripts and subscripts'],
  [0x2190, 0x21ff, 'arrows'],
  [0x2200, 0x22ff, 'mathematical operators'],
  [0x25a0, 0x25ff, 'geometric shapes'],
];

/** In thousandths of the font size, rounded up; undefined if the typeface does not have the character. */
function advanceWidth(font: Font, code: number): number | undefined {
  const glyph = font.charToGlyph(String.fromCodePoint(code));
  if (glyph.index === 0) return undefined;
  return Math.ceil(((glyph.advanceWidth ?? 0) * 1000) / font.unitsPerEm);
}

async function main(files: readonly string[]): Promise<void> {
  if (files.length === 0) throw new Error('fontWidths: no font files given');
  const fonts = files.map((file) => {
    const { buffer, byteOffset, byteLength } = readFileSync(file);
    return parse(buffer.slice(byteOffset, byteOffset + byteLength));
  });
  const blocks = BLOCKS.map(([first, last, name]) => {
    const widths = Array.from({ length: last - first + 1 }, (_, i) =>
      // 0: in none of the typefaces.
      Math.max(0, ...fonts.map((font) => advanceWidth(font, first + i) ?? 0)),
    );
    return `// ${name}\n[${first}, [${widths.join(', ')}]],`;
  });
  const names = fonts.map((font) => font.getEnglishName('fullName')).join(', ');
  const text = `/**
   * Advance widths in thousandths of the font size, the widest of: ${names}.
   * Written by scripts/fontWidths.ts. 0: in none of them.
   */
  export const FONT_WIDTHS: readonly (readonly [firstCodePoint: number, widths: readonly number[]])[] = [
  ${blocks.join('\n')}
  ];\n`;
  const target = join(__dirname, '..', 'lib/src/plot/fontWidths.ts');
  const settings = await resolveConfig(target);
  writeFileSync(target, await format(text, { ...settings, parser: 'typescript' }));
}

void main(process.argv.slice(2));
