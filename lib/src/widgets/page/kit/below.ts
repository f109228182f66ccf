/**
 * What stands folded directly below a lock: in JupyterLab cells whose code is collapsed, and the prose right after them,
 * which says what has come out; on other pages `<details>`.
 *
 * JupyterLab unfolds the output of a cell whenever it is run, however it is stored. So that Run All does not give the
 * answers away, a lock keeps the outputs and the prose below it out of sight itself, as long as it is closed.
 */

const LOCKED = 'data-convlab-locked';

/** @returns a function that opens it all */
export function lockBelow(el: HTMLElement): () => void {
  const cell = el.closest('.jp-Cell');
  const cells = cell?.parentElement;
  if (!cell || !cells) return () => openDetails(el);
  hideLocked();
  // The lock above may have taken this one for something to hide, as long as it was not drawn.
  cell.removeAttribute(LOCKED);
  const lock = (): void => {
    for (const below of foldedBelow(cell)) below.setAttribute(LOCKED, '');
  };
  lock();
  // JupyterLab takes cells out of the page when they are scrolled away, and puts them back.
  const observer = new MutationObserver(lock);
  observer.observe(cells, { childList: true });
  return () => {
    observer.disconnect();
    for (const folded of [cell, ...foldedBelow(cell)]) {
      folded.removeAttribute(LOCKED);
      unfold(folded);
    }
  };
}

/**
 * The cells of JupyterLab directly below one, as far as their code is collapsed and they are no locks themselves; and a
 * cell of prose after them.
 */
function foldedBelow(cell: Element): Element[] {
  const below: Element[] = [];
  for (let next = cell.nextElementSibling; next; next = next.nextElementSibling) {
    const isFolded = next.querySelector('.jp-InputPlaceholder') !== null;
    const isProse = below.length > 0 && next.classList.contains('jp-MarkdownCell');
    if (!(isFolded || isProse) || next.querySelector('[data-convlab-widget^="prediction-"]')) break;
    below.push(next);
    if (isProse) break;
  }
  return below;
}

/** Presses what stands for the code and the output of a cell. */
function unfold(cell: Element): void {
  for (const placeholder of cell.querySelectorAll<HTMLElement>('.jp-Placeholder-content'))
    placeholder.click();
}

/** A rule for the whole page, since the cells are not the widget's own. */
function hideLocked(): void {
  const id = 'convlab-locks';
  if (document.getElementById(id)) return;
  const style = document.createElement('style');
  style.id = id;
  // Of prose, what stands above its first heading: with the heading something else begins.
  const heading = ':is(h1, h2, h3, h4, h5, h6)';
  const answer = `.jp-RenderedMarkdown > :not(${heading}):not(${heading} ~ *)`;
  style.textContent = `[${LOCKED}] > .jp-Cell-outputWrapper, [${LOCKED}] ${answer} { display: none; }`;
  document.head.append(style);
}

/** The `<details>` that follow the element, or the nearest element around it that some follow. */
function openDetails(el: HTMLElement): void {
  let at: Element | null = el;
  while (at && at !== document.body) {
    let next = at.nextElementSibling;
    while (next instanceof HTMLScriptElement) next = next.nextElementSibling;
    if (next instanceof HTMLDetailsElement) {
      for (; next instanceof HTMLDetailsElement; next = next.nextElementSibling) next.open = true;
      return;
    }
    at = at.parentElement;
  }
}
