/** From an element that holds a widget's data, as `widgets/host.ts` writes it, to the drawn widget. */
import { fromJson } from '../../tensors';

/** The part of anywidget's model that our widgets use. */
export interface Model<Data> {
  get<Name extends keyof Data & string>(name: Name): Data[Name];
}

/** A widget in anywidget's portable form: the default export of its module. */
export interface WidgetModule<Data> {
  render(context: { readonly model: Model<Data>; readonly el: HTMLElement }): void;
}

/** Draws all elements with this id that are not drawn yet. Where that fails, the still picture stays and the reason is said. */
export function start<Data>(widget: WidgetModule<Data>, id: string): void {
  for (const el of document.querySelectorAll<HTMLElement>(`[data-convlab-widget="${id}"]`)) {
    if (el.shadowRoot) continue;
    // JupyterLab takes Enter, pressed anywhere in a notebook, for itself.
    el.addEventListener('keydown', (event) => event.stopPropagation());
    const data = fromJson(el.querySelector('script')?.textContent ?? '') as Data;
    try {
      widget.render({ model: { get: (name) => data[name] }, el });
    } catch (error) {
      const reason = document.createElement('p');
      reason.textContent = `This widget cannot be drawn: ${String(error)}`;
      (el.shadowRoot ?? el.attachShadow({ mode: 'open' })).replaceChildren(
        reason,
        document.createElement('slot'),
      );
      throw error;
    }
  }
}
