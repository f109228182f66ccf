/** One switch for all code of a page: shown, or folded away. */
import { recall, remember, showRemembered } from './remember';

export function startCodeSwitch(): void {
  const button = document.querySelector<HTMLButtonElement>('.code-switch');
  const root = document.documentElement;
  const say = (): void => button?.setAttribute('aria-pressed', String(root.dataset.code !== 'folded'));
  showRemembered(() => {
    if (recall('convlab-code') === 'folded') root.dataset.code = 'folded';
    else delete root.dataset.code;
    say();
  });
  button?.addEventListener('click', () => {
    const isFolded = root.dataset.code === 'folded';
    if (isFolded) delete root.dataset.code;
    else root.dataset.code = 'folded';
    remember('convlab-code', isFolded ? null : 'folded');
    say();
  });
}
