/** Opens what stands folded directly below a widget: the cells that show what it asks for. */

/**
 * In JupyterLab the cell's own code and the cells directly below it, as far as they are collapsed; on other pages the
 * `<details>` directly below.
 */
export function openBelow(el: HTMLElement): void {
  const cell = el.closest('.jp-Cell');
  if (cell) {
    unfold(cell);
    let next = cell.nextElementSibling;
    while (next && unfold(next)) next = next.nextElementSibling;
    return;
  }
  for (let at: Element | null = el; at && at !== document.body; at = at.parentElement) {
    let next = at.nextElementSibling;
    while (next instanceof HTMLScriptElement) next = next.nextElementSibling;
    if (!(next instanceof HTMLDetailsElement)) continue;
    for (; next instanceof HTMLDetailsElement; next = next.nextElementSibling) next.open = true;
    return;
  }
}

/** Unfolds a cell of JupyterLab by pressing what stands for its code and its output. @returns whether it was folded */
function unfold(cell: Element): boolean {
  const folded = cell.querySelectorAll<HTMLElement>('.jp-Placeholder');
  for (const placeholder of folded) placeholder.click();
  return folded.length > 0;
}
