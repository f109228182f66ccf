/** A sheet to draw on, with mouse, finger, pen or keys: white ink on black, as in MNIST's pictures. */
import type { NDArray } from '../../../ndarray';
import { zeros } from '../../../ndarray';
import { h, set, svg } from './dom';

/** In pixels: the side of the sheet, the width of a line, and a step of the keys. */
const SIDE = 280;
const LINE = 22;
const STEP = 10;

type Point = readonly [x: number, y: number];

export class Sheet {
  readonly element: HTMLElement;
  readonly #canvas = h('canvas', { width: SIDE, height: SIDE });
  readonly #context: CanvasRenderingContext2D;
  readonly #pen = svg('circle', { r: LINE / 2, class: 'pen' });
  #strokes: Point[][] = [];
  #at: Point = [SIDE / 2, SIDE / 2];
  #isDown = false;

  /** @param onChange called with whether the stroke goes on */
  constructor(readonly onChange: (unfinished: boolean) => void) {
    this.#context = this.#canvas.getContext('2d', { willReadFrequently: true }) as CanvasRenderingContext2D;
    this.element = h(
      'div',
      {
        class: 'sheet',
        tabindex: 0,
        role: 'application',
        'aria-roledescription': 'drawing',
        'aria-label':
          'Sheet to draw a digit on. Arrow keys move the pen, the space bar lowers and lifts it, Backspace removes the last stroke.',
      },
      this.#canvas,
      h('p', { class: 'invitation', 'aria-hidden': 'true' }, 'Draw a digit here'),
      svg('svg', { viewBox: `0 0 ${SIDE} ${SIDE}`, 'aria-hidden': 'true' }, this.#pen),
    );
    set(this.element, {
      onpointerdown: (event: PointerEvent) => this.#press(event),
      onpointermove: (event: PointerEvent) => this.#drag(event),
      onpointerup: () => this.#lift(),
      onpointercancel: () => this.#lift(),
      onkeydown: (event: KeyboardEvent) => this.#key(event),
      onblur: () => this.#lift(),
    });
    this.#draw();
  }

  get isEmpty(): boolean {
    return this.#strokes.length === 0;
  }

  clear(): void {
    this.#strokes = [];
    this.#isDown = false;
    this.#change(false);
  }

  undo(): void {
    this.#strokes.pop();
    this.#isDown = false;
    this.#change(false);
  }

  /** `[height, width]`, 0 to 1. */
  ink(): NDArray {
    const ink = zeros([SIDE, SIDE]);
    const { data } = this.#context.getImageData(0, 0, SIDE, SIDE);
    for (let i = 0; i < ink.data.length; i++) ink.data[i] = data[4 * i] / 255;
    return ink;
  }

  #press(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.element.setPointerCapture(event.pointerId);
    this.#at = this.#pointOf(event);
    this.#lower();
  }

  #drag(event: PointerEvent): void {
    if (!this.element.hasPointerCapture(event.pointerId)) return;
    // A fast pen is reported several times in one event.
    const events = event.getCoalescedEvents?.() ?? [];
    for (const one of events.length > 0 ? events : [event]) this.#move(this.#pointOf(one));
    this.#change(true);
  }

  #pointOf(event: PointerEvent): Point {
    const box = this.#canvas.getBoundingClientRect();
    return [((event.clientX - box.left) * SIDE) / box.width, ((event.clientY - box.top) * SIDE) / box.height];
  }

  #key(event: KeyboardEvent): void {
    const step = event.shiftKey ? 1 : STEP;
    const [x, y] = this.#at;
    const within = (value: number): number => Math.max(0, Math.min(SIDE, value));
    const moves: Readonly<Record<string, Point>> = {
      ArrowLeft: [within(x - step), y],
      ArrowRight: [within(x + step), y],
      ArrowUp: [x, within(y - step)],
      ArrowDown: [x, within(y + step)],
    };
    if (event.key in moves) {
      this.#move(moves[event.key]);
      this.#change(this.#isDown);
    } else if (event.key === ' ') {
      if (this.#isDown) this.#lift();
      else this.#lower();
    } else if (event.key === 'Backspace') this.undo();
    else return;
    event.preventDefault();
  }

  #lower(): void {
    this.#isDown = true;
    this.#strokes.push([this.#at]);
    this.#change(true);
  }

  #move(to: Point): void {
    this.#at = to;
    if (this.#isDown) this.#strokes[this.#strokes.length - 1].push(to);
  }

  #lift(): void {
    if (!this.#isDown) return;
    this.#isDown = false;
    this.#change(false);
  }

  #change(unfinished: boolean): void {
    this.#draw();
    this.onChange(unfinished);
  }

  #draw(): void {
    const context = this.#context;
    context.fillStyle = '#000';
    context.fillRect(0, 0, SIDE, SIDE);
    Object.assign(context, { strokeStyle: '#fff', lineWidth: LINE, lineCap: 'round', lineJoin: 'round' });
    for (const stroke of this.#strokes) {
      // A canvas draws no line that has no length, so a point alone needs a dot of its own.
      context.beginPath();
      context.arc(...stroke[0], LINE / 2, 0, 2 * Math.PI);
      context.fillStyle = '#fff';
      context.fill();
      context.beginPath();
      for (const point of stroke) context.lineTo(...point);
      context.stroke();
    }
    set(this.#pen, { cx: this.#at[0], cy: this.#at[1], class: this.#isDown ? 'pen down' : 'pen' });
    this.element.classList.toggle('empty', this.isEmpty);
  }
}

export const SHEET_STYLE = `
.sheet { position: relative; width: ${SIDE}px; max-width: 100%; aspect-ratio: 1; touch-action: none; cursor: crosshair; border-radius: 6px; user-select: none; -webkit-user-select: none; }
.sheet canvas { display: block; width: 100%; height: 100%; border-radius: 6px; }
.sheet svg { position: absolute; inset: 0; width: 100%; height: 100%; pointer-events: none; display: none; }
.sheet:focus-visible svg { display: block; }
.sheet .pen { fill: none; stroke: #ff9f45; stroke-width: 2.5; }
.sheet .pen.down { fill: #ff9f45; fill-opacity: 0.6; }
.invitation { position: absolute; inset: 0; display: grid; place-items: center; color: #9aa4af; pointer-events: none; }
.sheet:not(.empty) .invitation { display: none; }
`;
