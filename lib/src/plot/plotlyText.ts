/**
 * Texts as Plotly takes them: its own markup, in which `<` and `&` are escaped.
 *
 * Plotly draws into the page, so text can have the page's own colour: `currentColor`, which Plotly takes only inside its
 * markup.
 */
import type { Tick } from './ticks';

/** Around each line of a text. */
export const [PAGE, END] = ['<span style="color:currentColor">', '</span>'];

/** Numbers of an axis or a colour bar, which Plotly writes. */
export const NUMBERS = { tickprefix: PAGE, ticksuffix: END } as const;

/** A template for the number at the end of a bar. */
export const VALUE_ON_BAR = `${PAGE}%{text}${END}`;

/** Text in the colour of the page. */
export function page(text: string): string {
  return text
    .split('\n')
    .map((line) => PAGE + escaped(line) + END)
    .join('<br>');
}

/** A text that stands somewhere in the picture. */
export function annotation(text: string, size: number): Record<string, unknown> {
  return { text: page(text), xanchor: 'center', showarrow: false, borderpad: 0, font: { size } };
}

/** What an axis says at ticks that are given. */
export function ticksAt(ticks: readonly Tick[]): Record<string, unknown> {
  return {
    tickmode: 'array',
    tickvals: ticks.map(({ at }) => at),
    ticktext: ticks.map(({ text }) => page(text)),
  };
}

/** Of a number of this size, Plotly writes the letters of physical units: 15T, 50k, 7μ. */
export function hasLetters(size: number): boolean {
  return size < 1e-3 || size >= 9000;
}

/** The template of the number of a cell, where the pointer shows one. */
export function numberOfCell(values: readonly (number | null)[], isSingle: boolean, isFar: boolean): string {
  const sizes = values.flatMap((value) => (value ? [Math.abs(value)] : []));
  if (!isFar && !sizes.some(hasLetters)) return '%{z}';
  // In single precision, more than six digits of a fraction are noise: 0.000400000019.
  return isSingle && !isFar && sizes.every((size) => size < 9000) ? '%{z:,.6~g}' : '%{z:,.15~g}';
}

/** A text within a template, where Plotly would replace `%{y}` by a value. */
export function inTemplate(text: string): string {
  return escaped(text).replaceAll('%{', '&#37;{');
}

export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
