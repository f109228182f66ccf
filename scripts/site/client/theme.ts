/** Dark or light: as the system has it, until the reader chooses. */
import { recall, remember, showRemembered } from './remember';

const dark = matchMedia('(prefers-color-scheme: dark)');

export function startTheme(): void {
  const root = document.documentElement;
  const isDark = (): boolean => (root.dataset.theme ?? (dark.matches ? 'dark' : 'light')) === 'dark';
  const button = document.querySelector<HTMLButtonElement>('.theme-switch');
  const follow = (): void => {
    // Widgets follow the page where it says its theme as JupyterLab does (lib/src/widgets/page/kit/stage.ts).
    document.body.dataset.jpThemeLight = String(!isDark());
    button?.setAttribute('aria-pressed', String(isDark()));
  };
  showRemembered(() => {
    const chosen = recall('convlab-theme');
    if (chosen === null) delete root.dataset.theme;
    else root.dataset.theme = chosen;
    follow();
  });
  dark.addEventListener('change', follow);
  // Paper is white.
  addEventListener('beforeprint', () => (document.body.dataset.jpThemeLight = 'true'));
  addEventListener('afterprint', follow);
  button?.addEventListener('click', () => {
    const chosen = isDark() ? 'light' : 'dark';
    root.dataset.theme = chosen;
    remember('convlab-theme', chosen === (dark.matches ? 'dark' : 'light') ? null : chosen);
    follow();
  });
}
