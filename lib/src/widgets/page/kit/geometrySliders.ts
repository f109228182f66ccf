/** Sliders for a window's geometry: size, stride, padding, dilation. */
import { slider } from './controls';
import { h } from './dom';
import type { Geometry } from './window';

/** Which slider there is, by what label, and how far it goes. */
export interface SliderOf {
  readonly of: 'size' | 'stride' | 'padding' | 'dilation';
  readonly label: string;
  readonly most: number;
}

export class GeometrySliders {
  readonly element: HTMLElement;
  readonly #sliders;
  #geometry: Geometry;

  constructor(
    private readonly start: Geometry,
    which: readonly SliderOf[],
    onChange: () => void,
  ) {
    this.#geometry = start;
    this.#sliders = which.map(({ of, label, most }) => {
      const value = valueOf(start, of);
      const range = { least: of === 'padding' ? 0 : 1, most: Math.max(most, value), value };
      const change = (to: number): void => {
        this.#geometry = { ...this.#geometry, [of]: of === 'size' ? [to, to] : to };
        onChange();
      };
      return { of, slider: slider(label, range, change) };
    });
    this.element = h('div', { class: 'sliders' }, ...this.#sliders.map(({ slider }) => slider.element));
  }

  get geometry(): Geometry {
    return this.#geometry;
  }

  reset(): void {
    this.#geometry = this.start;
    for (const { of, slider } of this.#sliders) slider.value = valueOf(this.start, of);
  }

  /** Whether they are marked, because the window does not fit. */
  set fault(fault: boolean) {
    for (const { slider } of this.#sliders) slider.fault = fault;
  }
}

/** One slider serves both sides of a window that is not square: it shows the longer one. */
function valueOf(geometry: Geometry, of: SliderOf['of']): number {
  return of === 'size' ? Math.max(...geometry.size) : geometry[of];
}
