/**
 * A network that is trained in the page, by the engine that trains it in notebooks: its course while it learns, what it
 * knows of each digit, and then a sheet to ask it. The engine and the digits are loaded when they are wanted.
 */
import type * as convlab from '../../../lib/src/browser';
import type { WidgetModule } from '../../../lib/src/widgets/page/kit/host';
import type { DrawDigitData } from '../../../lib/src/widgets/drawDigit';
import { loadDigits } from './unpack';

const SEED = 1;
const EPOCHS = 5;
/** In the units of the curve's drawing. */
const [WIDTH, HEIGHT] = [600, 200];

export function startTraining(): void {
  const place = document.querySelector<HTMLElement>('.training');
  const button = place?.querySelector<HTMLButtonElement>('.train');
  if (!place || !button) return;
  button.hidden = false;
  const say = (text: string): void => {
    (place.querySelector('.training-status') as HTMLElement).textContent = text;
  };
  if (location.protocol === 'file:') {
    button.disabled = true;
    say('Training needs the site on a web server: npm run site -- --serve.');
    return;
  }
  button.addEventListener('click', () => {
    button.disabled = true;
    trainIn(place, say)
      .catch((error: unknown) => say(`It cannot be trained here: ${String(error)}`))
      .finally(() => (button.disabled = false));
  });
}

async function trainIn(place: HTMLElement, say: (text: string) => void): Promise<void> {
  say('The digits are loaded, 1.6\u00a0MB …');
  const [engine, digits] = await Promise.all([
    load<typeof convlab>('assets/convlab.mjs'),
    loadDigits('assets/digits.bin'),
  ]);
  const network = engine.buildNetwork(engine.twoConvLayers, { seed: SEED });
  const curve = new Curve(place);
  const { train, test } = digits;
  say('It learns …');
  const history = await engine.train(network, train, {
    epochs: EPOCHS,
    seed: SEED,
    onBatch: ({ epoch, batch, batches, accuracy }) => curve.add(epoch - 1 + batch / batches, accuracy),
    onEpoch: async ({ epoch, imagesPerSecond }) => {
      const { accuracy, confusion } = await engine.evaluate(network, test);
      showDigits(place, confusion);
      const speed = `${count(imagesPerSecond)} images a second`;
      say(
        `After ${epoch} of ${EPOCHS} epochs: ${percent(accuracy)} of ${count(test.size)} digits it has never seen, at ${speed}.`,
      );
    },
  });
  const threads =
    history.threads === 1
      ? `on one thread${window.crossOriginIsolated ? '' : ', because this page is not cross-origin isolated'}`
      : `on ${history.threads} threads`;
  const { accuracy } = await engine.evaluate(network, test);
  const learned = history.seconds.reduce((a, b) => a + b).toFixed(1);
  place.dataset.accuracy = String(accuracy);
  say(
    `Trained ${threads}, ${learned}\u00a0s: it reads ${percent(accuracy)} of ${count(test.size)} digits it has never seen.`,
  );
  await showSheet(place, engine.plainNetwork(network), test);
}

function load<Module>(path: string): Promise<Module> {
  return import(new URL(path, document.baseURI).href) as Promise<Module>;
}

/** Accuracy over epochs, on the digits that it learns from. */
class Curve {
  readonly #line: Element;
  readonly #points: string[] = [];

  constructor(place: HTMLElement) {
    this.#line = place.querySelector('.curve polyline') as Element;
    this.#line.setAttribute('points', '');
    place.classList.add('is-begun');
  }

  add(epoch: number, accuracy: number): void {
    this.#points.push(`${((epoch / EPOCHS) * WIDTH).toFixed(1)},${((1 - accuracy) * HEIGHT).toFixed(1)}`);
    this.#line.setAttribute('points', this.#points.join(' '));
  }
}

/** A bar for each digit: of those that the writer meant, how many are read right. */
function showDigits(place: HTMLElement, confusion: readonly (readonly number[])[]): void {
  const list = place.querySelector('.by-digit') as HTMLElement;
  list.replaceChildren(
    ...confusion.map((row, digit) => {
      const share = row[digit] / row.reduce((a, b) => a + b);
      const item = document.createElement('li');
      item.style.setProperty('--share', String(share));
      const [name, bar, value] = ['b', 'i', 'span'].map((tag) => document.createElement(tag));
      name.textContent = String(digit);
      value.textContent = percent(share);
      item.append(name, bar, value);
      return item;
    }),
  );
}

async function showSheet(
  place: HTMLElement,
  network: DrawDigitData['network'],
  { images }: convlab.Dataset,
): Promise<void> {
  const { default: widget } = await load<{ default: WidgetModule<DrawDigitData> }>('assets/drawDigit.mjs');
  const data: DrawDigitData = {
    network,
    example: { shape: [1, 28, 28, 1], data: Float64Array.from(images.subarray(0, 28 * 28)) },
  };
  const el = document.createElement('div');
  (place.querySelector('.training-sheet') as HTMLElement).replaceChildren(el);
  widget.render({ model: { get: (name) => data[name] }, el });
}

/** A number and its sign stay on one line. */
function percent(share: number): string {
  return `${(100 * share).toFixed(1)}\u00a0%`;
}

/** As the text of the page has it: `8,000`. */
function count(things: number): string {
  return Math.round(things).toLocaleString('en');
}
