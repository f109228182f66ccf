/** The volume drawing, in the page. What it is made of: `widgets/networkVolumes.ts`. */
import type { LayerOutline } from '../../plainNetwork';
import type { NetworkVolumesData } from '../networkVolumes';
import type { Volume } from '../volumes';
import { sizesText, volumesOf, volumesSvg, VOLUMES_STYLE } from '../volumes';
import { h, set, svg as element } from './kit/dom';
import type { WidgetModule } from './kit/host';
import { stage } from './kit/stage';

const widget: WidgetModule<NetworkVolumesData> = {
  render({ model, el }) {
    const outline = model.get('outline');
    const volumes = volumesOf(outline);
    const drawing = element('svg', {
      ...{ class: 'volumes', role: 'listbox' },
      ...{ 'aria-label': 'Blocks of the network', 'aria-orientation': 'horizontal' },
    });
    const scroll = h('div', { class: 'scroll' }, drawing);
    const details = h('div', { class: 'details', 'aria-live': 'polite' });
    let blocks: readonly SVGGElement[] = [];
    // The one with the most parameters is the one to look at first.
    let chosen = volumes.reduce(
      (best, { parameters }, i) => (parameters > volumes[best].parameters ? i : best),
      0,
    );

    const choose = (to: number): void => {
      chosen = to;
      blocks.forEach((block, i) =>
        set(block, { 'aria-selected': String(i === chosen), tabindex: i === chosen ? 0 : -1 }),
      );
      details.replaceChildren(...explain(volumes, chosen));
    };
    const keys: Readonly<Record<string, (at: number) => number>> = {
      ArrowRight: (at) => Math.min(blocks.length - 1, at + 1),
      ArrowLeft: (at) => Math.max(0, at - 1),
      Home: () => 0,
      End: () => blocks.length - 1,
    };
    let drawn = '';
    /** As many blocks in a row as there is room for; before it is in the page, as wide as a notebook's column. */
    const draw = (): void => {
      const { svg, width, height } = volumesSvg(outline, scroll.clientWidth || 700);
      if (svg === drawn) return;
      drawn = svg;
      set(drawing, { width, height, viewBox: `0 0 ${width} ${height}` });
      drawing.innerHTML = svg;
      blocks = [...drawing.querySelectorAll<SVGGElement>('.volume')];
      blocks.forEach((block, i) => {
        set(block, {
          role: 'option',
          onclick: () => block.focus(),
          onpointerenter: () => choose(i),
          onfocus: () => choose(i),
          onkeydown: (event: KeyboardEvent) => {
            if (!(event.key in keys)) return;
            event.preventDefault();
            blocks[keys[event.key](i)].focus();
          },
        });
      });
      choose(chosen);
    };
    stage(el, VOLUMES_STYLE + STYLE).append(scroll, details);
    draw();
    new ResizeObserver(draw).observe(scroll);
  },
};

export default widget;

function explain(volumes: readonly Volume[], chosen: number): Node[] {
  const { shape, layers } = volumes[chosen];
  const total = volumes.reduce((sum, { parameters }) => sum + parameters, 0);
  const numbers = shape.reduce((a, b) => a * b, 1);
  const product = shape.length > 1 ? `${sizesText(shape)} = ` : '';
  const head = h(
    'p',
    {},
    h('b', {}, `${product}${numbers.toLocaleString('en-US')}`),
    ` number${numbers === 1 ? '' : 's'} for each image`,
  );
  let input = volumes[chosen - 1]?.shape ?? shape;
  const rows = layers.map((layer) => {
    const row = h(
      'tr',
      {},
      h('th', { scope: 'row' }, layer.name),
      h('td', {}, `${layer.kind}${layer.window ? ` ${layer.window.join(' × ')}` : ''}`),
      h('td', {}, sizesText(layer.outputShape)),
      h('td', {}, countOf(layer, input)),
      h('td', {}, layer.parameters > 0 ? percent(layer.parameters / total) : ''),
    );
    input = layer.outputShape;
    return row;
  });
  if (rows.length === 0) return [head];
  const titles = ['layer', 'kind', 'output', 'parameters', 'share'].map((title) =>
    h('th', { scope: 'col' }, title),
  );
  return [head, h('table', {}, h('thead', {}, h('tr', {}, ...titles)), h('tbody', {}, ...rows))];
}

/** The parameters of a layer, as the product they are where that is known. */
function countOf({ kind, window, outputShape, parameters }: LayerOutline, input: readonly number[]): string {
  const all = parameters.toLocaleString('en-US');
  if (parameters === 0) return 'none';
  const [from, to] = [input[input.length - 1], outputShape[outputShape.length - 1]];
  const sizes = kind === 'Conv2D' && window ? [...window, from] : kind === 'Dense' ? [from] : undefined;
  const weights = sizes?.reduce((a, b) => a * b, 1);
  if (!sizes || !weights) return all;
  const product = sizes.map((size) => size.toLocaleString('en-US')).join(' · ');
  const outputs = to.toLocaleString('en-US');
  if (parameters === (weights + 1) * to) return `(${product} + 1) · ${outputs} = ${all}`;
  return parameters === weights * to ? `${product} · ${outputs} = ${all}` : all;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

const STYLE = `
.scroll { overflow-x: auto; }
.volumes { display: block; }
.volume { cursor: pointer; outline: none; }
.volume[aria-selected='true'] .ground { fill: var(--soft); }
.volume:focus-visible .ground { stroke: var(--accent); stroke-width: 3; }
.details { margin-top: 12px; padding: 12px 14px; background: var(--soft); border-radius: 6px; min-height: 128px; overflow-x: auto; }
table { border-collapse: collapse; margin-top: 6px; font-size: 13px; }
th, td { text-align: left; padding: 2px 28px 2px 0; font-weight: 400; white-space: nowrap; }
thead th { color: var(--faint); }
tbody th { font-weight: 600; }
@container (max-width: 560px) {
  th, td { padding-right: 10px; white-space: normal; vertical-align: top; }
  tbody th { min-width: 52px; overflow-wrap: anywhere; }
}
`;
