/** Walks through places: one back, one on, all of them in time, or any by a slider. */
import { slider } from './controls';
import { h, set, svg } from './dom';
import { prefersStillness } from './stage';

const ICONS = {
  back: 'M3 3h2v10H3zM13 3v10L6 8z',
  play: 'M4 2v12l9-6z',
  pause: 'M3 2h4v12H3zM9 2h4v12H9z',
  next: 'M11 3h2v10h-2zM3 3v10l7-5z',
} as const;

export interface Player {
  readonly element: HTMLElement;
  /** Place of the walk, from 0. */
  place: number;
  /** How many places there are; 0 turns the player off. */
  places: number;
  readonly isPlaying: boolean;
}

/** @param onMove called for each move, whoever makes it @param more controls that stand beside */
export function player(onMove: (place: number) => void, ...more: readonly HTMLElement[]): Player {
  let places = 1;
  let timer: ReturnType<typeof setInterval> | undefined;
  const range = slider('Place', { least: 0, most: 0, value: 0 }, move, (at) =>
    places === 0 ? 'none' : `${at + 1} of ${places}`,
  );
  const back = iconButton('back', 'One place back', () => move(range.value - 1));
  const next = iconButton('next', 'One place forward', () => move(range.value + 1));
  const toggle = iconButton('play', 'Play', () => (timer === undefined ? play() : stop()));
  const element = h(
    'div',
    { class: 'player' },
    h('div', { class: 'row' }, back, toggle, next),
    range.element,
    ...more,
  );

  function move(place: number): void {
    stop();
    to(place);
  }
  function to(place: number): void {
    range.value = Math.max(0, Math.min(places - 1, place));
    refresh();
    onMove(range.value);
  }
  function play(): void {
    if (range.value === places - 1) to(0);
    // All of a large map in about twenty seconds, a small one slowly enough to follow.
    const pause = Math.max(40, Math.min(prefersStillness() ? 1500 : 800, 20_000 / places));
    timer = setInterval(() => {
      // A cell that was run again is gone from the page.
      if (!element.isConnected) stop();
      else if (range.value === places - 1) stop();
      else to(range.value + 1);
    }, pause);
    refresh();
  }
  function stop(): void {
    clearInterval(timer);
    timer = undefined;
    refresh();
  }
  function refresh(): void {
    back.disabled = places === 0 || range.value === 0;
    next.disabled = places === 0 || range.value === places - 1;
    toggle.disabled = places < 2;
    const isPlaying = timer !== undefined;
    set(toggle, { 'aria-label': isPlaying ? 'Pause' : 'Play', title: isPlaying ? 'Pause' : 'Play' });
    toggle.replaceChildren(icon(isPlaying ? 'pause' : 'play'));
  }
  return {
    element,
    get isPlaying() {
      return timer !== undefined;
    },
    get place() {
      return range.value;
    },
    set place(place) {
      move(place);
    },
    get places() {
      return places;
    },
    set places(count) {
      stop();
      places = count;
      range.most = Math.max(0, count - 1);
      refresh();
    },
  };
}

function iconButton(name: keyof typeof ICONS, label: string, onclick: () => void): HTMLButtonElement {
  return h(
    'button',
    { type: 'button', class: 'icon', 'aria-label': label, title: label, onclick },
    icon(name),
  );
}

function icon(name: keyof typeof ICONS): SVGSVGElement {
  return svg('svg', { viewBox: '0 0 16 16', 'aria-hidden': 'true' }, svg('path', { d: ICONS[name] }));
}

export const PLAYER_STYLE = `
.player { display: grid; grid-template-columns: auto 1fr auto; gap: 8px 20px; align-items: center; }
@container (max-width: 420px) {
  .player { grid-template-columns: 1fr auto; }
  .player .slider { grid-area: 2 / 1 / 2 / -1; }
}
`;
