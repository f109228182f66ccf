/**
 * What all widgets look like: a quiet card, one accent for what can be used, orange for what is looked at, red for
 * faults. On paper they are light, show what has been set and chosen, and nothing that can be pressed.
 */

export const STYLE = `
:host { display: block; max-width: 1100px; margin: 4px 0; }
.widget {
  --paper: #ffffff; --soft: #f4f6f8; --ink: #1f2328; --faint: #57606a; --rule: #d0d7de; --edge: #8c959f;
  --accent: #0969a8; --on-accent: #ffffff; --mark: #d9730d; --mark-text: #a34700; --fault: #b3261e; --fault-soft: #fdeceb; --good: #1a7f37;
  box-sizing: border-box; padding: 16px; border: 1px solid var(--rule); border-radius: 8px;
  background: var(--paper); color: var(--ink); color-scheme: light;
  font: 14px/1.45 var(--jp-ui-font-family, system-ui), Helvetica, Arial, sans-serif;
  font-variant-numeric: tabular-nums; container-type: inline-size;
}
@media screen { .widget.dark {
  --paper: #16191d; --soft: #20252b; --ink: #e6e9ed; --faint: #9aa4af; --rule: #3a424b; --edge: #6b7681;
  --accent: #58b0ee; --on-accent: #0c1116; --mark: #ff9f45; --mark-text: #ffb066; --fault: #ff8a80; --fault-soft: #3a1f1f; --good: #57c278;
  color-scheme: dark;
} }
.widget *, .widget *::before { box-sizing: border-box; }
h3, p { margin: 0; }
h3 { font-size: 15px; font-weight: 600; margin-bottom: 12px; }
.caption { font-size: 13px; color: var(--faint); }
.caption b { color: var(--ink); font-weight: 600; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
.row { display: flex; flex-wrap: wrap; gap: 8px 12px; align-items: center; }
.spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

button, .choice {
  font: inherit; color: var(--ink); background: var(--paper); border: 1px solid var(--edge); border-radius: 6px;
  min-height: 32px; padding: 4px 12px; cursor: pointer;
}
button:hover:not(:disabled) { background: var(--soft); }
button:disabled { opacity: 0.45; cursor: default; }
button.main { background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 600; }
button.main:hover:not(:disabled) { background: var(--accent); filter: brightness(1.08); }
button.icon { width: 36px; padding: 0; display: inline-grid; place-items: center; }
button.icon svg { width: 16px; height: 16px; fill: currentColor; }

.sliders { display: grid; grid-template-columns: repeat(auto-fit, minmax(112px, 1fr)); gap: 10px 24px; }
.slider { display: grid; grid-template-columns: 1fr auto; gap: 2px 8px; }
.slider .value { font-weight: 600; }
input[type='range'] { grid-column: 1 / -1; width: 100%; height: 20px; margin: 0; accent-color: var(--accent); cursor: pointer; }
.slider.fault label, .slider.fault .value { color: var(--fault); }
.slider.fault input { accent-color: var(--fault); }

.segments { display: inline-flex; border: 0; margin: 0; padding: 0; min-width: 0; }
.segments legend { float: left; padding: 0; margin-right: 8px; font-size: 13px; color: var(--faint); line-height: 26px; }
.segments label { position: relative; }
.segments input { position: absolute; inset: 0; margin: 0; opacity: 0; cursor: pointer; }
.segments span {
  display: block; min-width: 28px; padding: 2px 9px; border: 1px solid var(--edge); margin-left: -1px;
  text-align: center; font-size: 13px; line-height: 20px;
}
.segments label:first-of-type span { border-radius: 5px 0 0 5px; margin-left: 0; }
.segments label:last-of-type span { border-radius: 0 5px 5px 0; }
.segments :checked + span { background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 600; }
.segments :focus-visible + span { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 3px; }

@media print {
  .widget { print-color-adjust: exact; }
  button:not(.sum), input[type='range'], .hint { display: none; }
  .segments label:not(:has(:checked)) { display: none; }
  .segments label :checked + span { padding: 3px 0; border: 0; background: none; color: var(--ink); }
}
`;
