/** The network explorer, in the page. What it is made of: `widgets/networkExplorer.ts`. */
import type { NDArray } from '../../ndarray';
import type { PlainLayer } from '../../plainNetwork';
import type { LayerResult } from '../forward';
import { forward, imageOf } from '../forward';
import type { NetworkExplorerData } from '../networkExplorer';
import { unpackNetwork } from '../packedNetwork';
import { parametersText, sizesText } from '../volumes';
import { colouring } from './kit/colours';
import { h, set } from './kit/dom';
import { explain, EXPLAIN_STYLE } from './kit/explain';
import type { WidgetModule } from './kit/host';
import { Pixels, PIXELS_STYLE } from './kit/pixels';
import type { Place } from './kit/place';
import { imageSizes, indices, isList, numberAt } from './kit/place';
import { shortNumber } from './kit/numbers';
import { picker, PICKER_STYLE } from './kit/picker';
import { stage } from './kit/stage';
import { TABLES_STYLE } from './kit/tables';
import { Workbench, WORKBENCH_STYLE } from './kit/workbench';

/** The height of pictures, in pixels. */
const DIGIT = 44;
const MAP = 52;
const KERNEL = 30;

const widget: WidgetModule<NetworkExplorerData> = {
  render({ model, el }) {
    const network = unpackNetwork(model.get('network'));
    const images = model.get('images');
    const { layers } = network;
    const count = images.shape[0];
    let results: LayerResult[] = [];
    let image = imageOf(images, 0);
    /** Which layer is looked at; −1 is the input. */
    let at = Math.max(
      0,
      layers.findIndex(({ does }) => does === 'convolution'),
    );
    /** What is looked at, and to what one comes back after pointing at something else. */
    let place: Place = { row: 0, column: 0, channel: 0 };
    let pinned = place;
    let inChannel = 0;
    let bench: Workbench | undefined;

    const answer = h('p', { class: 'caption' });
    const head = h('p', { class: 'head' });
    const filters = h('div', { class: 'filters' });
    const work = h('div', { class: 'work' });
    const explained = h('div', { class: 'explained' });
    const spoken = h('p', { class: 'spoken', 'aria-live': 'polite' });

    const resultAt = (): LayerResult => (at < 0 ? { x: image, z: image, y: image } : results[at]);

    function show(): void {
      bench?.draw(place, inChannel);
      const layer = layers[at] as PlainLayer | undefined;
      const parts = layer
        ? explain({ layer, result: resultAt(), place, inChannel }, chooseInChannel)
        : [
            h(
              'p',
              {},
              'A pixel of the image: ',
              h('b', { 'data-value': numberAt(image, place) }, shortNumber(numberAt(image, place), 4)),
            ),
          ];
      const where = indices(resultAt().y.shape, place);
      explained.replaceChildren(h('p', { class: 'what' }, `${layer?.name ?? 'input'}[${where}]`), ...parts);
    }
    function showFilters(): void {
      const { y } = resultAt();
      if (isList(y.shape)) return filters.replaceChildren();
      filters.replaceChildren(filterPicker(layers[at], y, place.channel, inChannel, chooseChannel));
    }
    function chooseInChannel(channel: number): void {
      inChannel = channel;
      showFilters();
      show();
      explained.querySelector<HTMLElement>('.sum[aria-pressed=true]')?.focus();
    }
    function go(to: Place, isPinned: boolean): void {
      // A cell of a map says nothing about the channel.
      place = to.channel < 0 ? { ...to, channel: place.channel } : to;
      if (isPinned) pinned = place;
      show();
      if (isPinned) spoken.textContent = shortNumber(numberAt(resultAt().y, place), 4);
    }
    function chooseChannel(channel: number): void {
      go({ ...pinned, channel }, true);
    }
    /** The layer or the image is another one. */
    function enter(): void {
      const { x, y } = resultAt();
      const [height, width, channels] = imageSizes(y.shape);
      const limit = (value: number, most: number): number => Math.min(value, most - 1);
      place = {
        row: limit(pinned.row, height),
        column: limit(pinned.column, width),
        channel: limit(pinned.channel, channels),
      };
      pinned = place;
      inChannel = limit(inChannel, imageSizes(x.shape)[2]);
      const layer = layers[at] as PlainLayer | undefined;
      const made = new Workbench({
        ...{ layer, result: resultAt(), origin: originOf(layers, at), width: widthOf(root) },
        onPlace: (to, isPinned) => go(to ?? pinned, isPinned),
      });
      set(made.output, {
        onkeydown: (event: KeyboardEvent) => {
          const to = made.afterKey(event.key, pinned);
          if (!to) return;
          event.preventDefault();
          go(to, true);
        },
      });
      bench = made;
      work.replaceChildren(made.element);
      head.replaceChildren(...headOf(layer, image.shape));
      showFilters();
      show();
    }
    function chooseImage(n: number): void {
      image = imageOf(images, n);
      results = forward(network, image);
      const { y } = results[results.length - 1];
      const best = y.data.indexOf(Math.max(...y.data));
      answer.replaceChildren(
        'the network answers ',
        h('b', {}, String(best)),
        ` (${shortNumber(y.data[best], 4)})`,
      );
      enter();
    }

    const digits = Array.from({ length: count }, (_, n) => thumbnail(imageOf(images, n)));
    const stations = [{ name: 'input', outputShape: network.inputShape }, ...layers];
    const root = stage(
      el,
      TABLES_STYLE + PIXELS_STYLE + PICKER_STYLE + EXPLAIN_STYLE + WORKBENCH_STYLE + STYLE,
    );
    root.append(
      h(
        'div',
        { class: 'row top' },
        picker(
          'Image',
          digits.map((picture, n) => ({ content: [picture], label: `image ${n}` })),
          0,
          chooseImage,
        ),
        answer,
      ),
      picker(
        'Layer',
        stations.map(({ name, outputShape }) => ({
          content: [h('b', {}, name), h('small', {}, outputShape.join('×'))],
        })),
        at + 1,
        (station) => {
          at = station - 1;
          enter();
        },
      ),
      head,
      filters,
      work,
      explained,
      h(
        'p',
        { class: 'caption hint' },
        'Point at a number of the output, or move to it with the arrow keys.',
      ),
      spoken,
    );
    chooseImage(0);
    let width = widthOf(root);
    new ResizeObserver(() => {
      if (widthOf(root) === width) return;
      width = widthOf(root);
      enter();
    }).observe(root);
  },
};

export default widget;

function headOf(layer: PlainLayer | undefined, shape: readonly number[]): (Node | string)[] {
  if (!layer) return [h('b', {}, 'input'), `: one image, ${sizesText(shape.slice(1))}`];
  const what: Readonly<Record<PlainLayer['does'], string>> = {
    convolution: 'each number is a sum of products over a window in all input channels',
    dense: 'each number is a sum of products over all inputs',
    maxPool: 'the largest number in each window',
    averagePool: 'the mean of the numbers in each window',
    activation: 'a function applied to each number on its own',
    normalization:
      'each channel is brought to mean 0 and variance 1, then scaled and shifted by learned numbers',
    zeroPadding: 'zeros added around the image',
    nothing: 'the same numbers, passed on',
  };
  const after =
    'activation' in layer && layer.does !== 'activation' && layer.activation !== 'linear'
      ? `, then ${layer.activation}`
      : '';
  const parameters = layer.parameters > 0 ? `; ${parametersText(layer.parameters)}` : '';
  return [h('b', {}, layer.name), ` (${layer.kind}): ${what[layer.does]}${after}${parameters}`];
}

/** The maps of a layer to choose from; those of a convolution with the kernel that made them. */
function filterPicker(
  layer: PlainLayer | undefined,
  y: NDArray,
  chosen: number,
  inChannel: number,
  onChange: (channel: number) => void,
): HTMLElement {
  const [height, width, channels] = imageSizes(y.shape);
  const colour = colouring(y.data);
  const choices = Array.from({ length: channels }, (_, channel) => {
    const map = new Pixels(height, width, MAP);
    map.draw(y, channel, colour);
    return {
      content: [...kernelPicture(layer, channel, inChannel), map.element, h('small', {}, String(channel))],
      label: `channel ${channel}`,
    };
  });
  return picker(layer?.does === 'convolution' ? 'Kernel and map' : 'Channel', choices, chosen, onChange);
}

/** The numbers of a kernel on one channel of its input. */
function kernelPicture(layer: PlainLayer | undefined, filter: number, inChannel: number): HTMLElement[] {
  if (layer?.does !== 'convolution' || layer.kernel.shape[0] * layer.kernel.shape[1] === 1) return [];
  const { shape, data } = layer.kernel;
  const [height, width, channels, filters] = shape;
  const own = data.filter((_, at) => at % filters === filter);
  const picture = new Pixels(height, width, KERNEL);
  const numbers = { shape: [1, height, width, channels], data: own };
  picture.draw(numbers, inChannel, colouring(data, 'diverging'));
  return [picture.element];
}

function thumbnail(image: NDArray): HTMLElement {
  const [height, width] = imageSizes(image.shape);
  const picture = new Pixels(height, width, DIGIT);
  picture.draw(image, 0, colouring(image.data));
  return picture.element;
}

/** The shape that the input of a dense layer had before it was flattened. */
function originOf(layers: readonly PlainLayer[], at: number): readonly number[] | undefined {
  if (layers[at]?.does !== 'dense') return undefined;
  let before = at - 1;
  while (layers[before]?.outputShape.length === 1 && layers[before].does === 'nothing') before--;
  const shape = layers[before]?.outputShape;
  return shape?.length === 3 && shape[0] * shape[1] > 1 ? shape : undefined;
}

/** What a widget has for its content; before it is in the page, as wide as a notebook's column. */
function widthOf(root: HTMLElement): number {
  return (root.clientWidth || 700) - 34;
}

const STYLE = `
.top { margin-bottom: 12px; }
.head { margin: 14px 0 10px; }
.filters { margin-bottom: 14px; }
.work { min-height: 200px; display: grid; align-items: center; }
.explained { min-height: 120px; }
.explained > .what { margin-bottom: 4px; }
.terms { font-size: 13px; }
`;
