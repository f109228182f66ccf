/** The tables of a layer at work, beside each other: their captions, the signs between them, and how it all looks. */
import { CELL_STYLE } from './cellGrid';
import { STACK_STYLE } from './channelStack';
import { h } from './dom';

/** What a sign between two tables takes, with the gaps around it, in pixels; and where the tables are stacked. */
export const SIGN_ROOM = 52;
export const NARROW_SIGN_ROOM = 26;

/** Below this width, in pixels, tables beside each other would be too small: the input stands above the others. */
const LEAST_BESIDE = 480;

export function isStacked(width: number): boolean {
  return width < LEAST_BESIDE;
}

export function sign(text: string): HTMLElement {
  return h('span', { class: 'sign', 'aria-hidden': 'true' }, text);
}

/** Writes a caption: the table's name, and what there is to say of it. */
export function caption(element: HTMLElement, name: string, rest: string): void {
  element.replaceChildren(h('b', {}, name), `, ${rest}`);
}

/** Five products do not stand beside each other on a phone: there each goes on below its sign. */
export const TABLES_STYLE = `${CELL_STYLE}${STACK_STYLE}
figure { margin: 0; }
.tables { display: grid; grid-template-rows: auto 1fr auto; grid-auto-flow: column; justify-content: start; gap: 6px 0; overflow-x: auto; padding: 5px; margin: -5px; }
.tables figure { display: grid; grid-row: 1 / 4; grid-template-rows: subgrid; }
.tables figure > :nth-child(2) { align-self: center; }
.tables.stacked { display: flex; flex-wrap: wrap; align-items: center; row-gap: 10px; }
.tables.stacked figure { gap: 6px; }
.tables.stacked > figure:first-child { flex: 0 0 100%; }
.tables.stacked > .sign { width: ${NARROW_SIGN_ROOM}px; padding-top: 24px; }
.sign { grid-row: 2; align-self: center; width: ${SIGN_ROOM}px; text-align: center; font-size: 22px; color: var(--faint); }
.stack.none { visibility: hidden; }
.explained { margin: 16px 0; padding: 12px 14px; background: var(--soft); border-radius: 6px; overflow-x: auto; min-height: 46px; }
.explained b { color: var(--mark-text); font-size: 16px; }
.line { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; width: fit-content; }
.line > span { white-space: nowrap; }
.terms {
  display: grid; gap: 1px 5px; align-items: baseline; white-space: nowrap; padding: 0 8px;
  border: solid var(--edge); border-width: 0 1px; border-radius: 6px;
}
.terms.many { font-size: 12px; gap: 1px 3px; }
.term { text-align: center; }
@container (max-width: 420px) { .explained .terms { white-space: normal; font-size: 11px; gap: 4px 1px; padding: 0 2px; } }
.plus, .term.zero, .term.padding { color: var(--faint); }
.term.padding { text-decoration: underline dotted; text-underline-offset: 3px; }
`;
