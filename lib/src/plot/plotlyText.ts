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

/** A text within a template, where Plotly would replace `%{y}` by a value. */
export function inTemplate(text: string): string {
  return escaped(text).replaceAll('%{', '&#37;{');
}

export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
