/** A channel of numbers as a small picture, a pixel each, which is drawn in no time. */
import type { NDArray } from '../../../ndarray';
import type { Colouring } from './colours';
import { h } from './dom';

export class Pixels {
  readonly element: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #image: ImageData;

  /** @param height of the picture in the page, in pixels */
  constructor(
    readonly rows: number,
    readonly columns: number,
    height: number,
  ) {
    const width = Math.round((height * columns) / rows);
    this.element = h('canvas', {
      class: 'pixels',
      width: columns,
      height: rows,
      style: `width: ${width}px; height: ${height}px`,
    });
    this.#context = this.element.getContext('2d') as CanvasRenderingContext2D;
    this.#image = this.#context.createImageData(columns, rows);
  }

  /** @param values `[1, rows, columns, channels]` */
  draw({ shape, data }: NDArray, channel: number, colour: Colouring): void {
    const channels = shape[shape.length - 1];
    const pixels = this.#image.data;
    for (let i = 0; i < this.rows * this.columns; i++) {
      pixels.set(colour(data[i * channels + channel]).rgb, 4 * i);
      pixels[4 * i + 3] = 255;
    }
    this.#context.putImageData(this.#image, 0, 0);
  }
}

export const PIXELS_STYLE = `
.pixels { display: block; image-rendering: pixelated; background: #000; }
`;
