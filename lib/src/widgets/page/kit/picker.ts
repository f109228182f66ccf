/** A choice among pictures or cards: radio buttons that look like what they choose. */
import { h } from './dom';

export interface Choice {
  readonly content: readonly Node[];
  /** For those who cannot see the content; without it the content is text. */
  readonly label?: string;
}

let ids = 0;

export function picker(
  legend: string,
  choices: readonly Choice[],
  chosen: number,
  onChange: (chosen: number) => void,
): HTMLElement {
  const name = `picker-${++ids}`;
  return h(
    'fieldset',
    { class: 'picker' },
    h('legend', { class: 'spoken' }, legend),
    ...choices.map(({ content, label }, i) =>
      h(
        'label',
        { title: label },
        h('input', {
          type: 'radio',
          name,
          checked: i === chosen,
          'aria-label': label,
          onchange: () => onChange(i),
        }),
        h('span', { class: 'card' }, ...content),
      ),
    ),
  );
}

export const PICKER_STYLE = `
.picker { display: flex; flex-wrap: wrap; gap: 6px; margin: 0; padding: 0; border: 0; min-width: 0; }
.picker label { position: relative; }
.picker input { position: absolute; inset: 0; margin: 0; opacity: 0; cursor: pointer; }
.card {
  display: grid; justify-items: center; gap: 3px; padding: 4px; min-width: 30px; border: 1px solid var(--rule); border-radius: 6px;
  font-size: 13px; line-height: 1.3; background: var(--paper);
}
.card b { font-weight: 600; padding: 0 4px; }
.card small { color: var(--faint); font-size: 11.5px; padding: 0 4px; }
.card:has(b) { padding: 4px 1px; gap: 1px; }
.picker :hover + .card { background: var(--soft); }
.picker :checked + .card { border-color: var(--accent); box-shadow: 0 0 0 1px var(--accent); }
.picker :checked + .card b, .picker :checked + .card small { color: var(--accent); }
.picker :focus-visible + .card { outline: 3px solid var(--accent); outline-offset: 2px; }
`;
