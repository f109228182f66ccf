/** Terms of the glossary show their definition under the pointer and where they have the focus; Escape closes it. */

export function startTerms(): void {
  const definitions = document.querySelector('.definitions');
  if (!definitions) return;
  const card = document.createElement('div');
  card.className = 'definition';
  card.hidden = true;
  // The link describes itself by the definition in the page; the card is for the eyes.
  card.setAttribute('aria-hidden', 'true');
  document.body.append(card);
  let shown: HTMLElement | undefined;
  const hide = (): void => {
    card.hidden = true;
    shown = undefined;
  };
  const show = (link: HTMLElement): void => {
    const definition = document.getElementById(`term-${link.dataset.term}`);
    if (!definition) return;
    shown = link;
    card.innerHTML = definition.innerHTML;
    card.hidden = false;
    const [first] = link.getClientRects();
    const left = Math.min(first.left, document.documentElement.clientWidth - card.offsetWidth - 12);
    const above = first.top - card.offsetHeight - 8;
    card.style.left = `${Math.max(12, left) + scrollX}px`;
    card.style.top = `${(above > 64 ? above : first.bottom + 8) + scrollY}px`;
  };
  for (const link of document.querySelectorAll<HTMLElement>('a.term')) {
    link.setAttribute('aria-describedby', `term-${link.dataset.term}`);
    link.addEventListener('pointerenter', (event) => {
      if (event.pointerType === 'mouse') show(link);
    });
    link.addEventListener('pointerleave', hide);
    link.addEventListener('focus', () => show(link));
    link.addEventListener('blur', hide);
    // A finger reads the definition first; the second touch follows the link.
    link.addEventListener('click', (event) => {
      const isTouch = event instanceof PointerEvent && event.pointerType === 'touch';
      if (isTouch && link.dataset.read === undefined) {
        event.preventDefault();
        link.dataset.read = '';
        show(link);
      }
    });
  }
  addEventListener('keydown', ({ key }) => {
    if (key === 'Escape' && shown) hide();
  });
}
