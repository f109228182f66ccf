/** Where a widget draws: a shadow root with the styles that all widgets share, in the page's theme. */
import { h } from './dom';
import { STYLE } from './style';

/**
 * @param el an element of the page; what it holds is no longer seen
 * @param styles of this widget, added to the shared ones
 * @returns the element to draw into
 */
export function stage(el: HTMLElement, styles = ''): HTMLElement {
  const root = h('div', { class: 'widget' });
  const follow = (): void => void root.classList.toggle('dark', isDark());
  follow();
  new MutationObserver(follow).observe(document.body, { attributes: true });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', follow);
  el.attachShadow({ mode: 'open' }).append(h('style', {}, STYLE + styles), root);
  return root;
}

/** JupyterLab and VS Code say which theme they have; elsewhere it is the reader's preference. */
function isDark(): boolean {
  const { jpThemeLight, vscodeThemeKind } = document.body.dataset;
  if (jpThemeLight !== undefined) return jpThemeLight === 'false';
  if (vscodeThemeKind !== undefined) return !vscodeThemeKind.includes('light');
  return matchMedia('(prefers-color-scheme: dark)').matches;
}

/** Whether the reader has asked for pages that do not move. */
export function prefersStillness(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}
