/** A finger on a page that is touched (`touch: true`): Playwright taps, and this draws. */
import type { Page } from 'playwright-core';

type Point = readonly [x: number, y: number];

export interface Finger {
  /** Puts the finger down at the first point, moves it through the others, and lifts it. */
  draw(points: readonly Point[]): Promise<void>;
}

/** On the way from one point to the next, as often is said where the finger is. */
const STEPS = 8;

export async function fingerOf(page: Page): Promise<Finger> {
  const devtools = await page.context().newCDPSession(page);
  const dispatch = (type: 'touchStart' | 'touchMove' | 'touchEnd', points: readonly Point[]) =>
    devtools.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y]) => ({ x, y })) });
  return {
    async draw(points) {
      await dispatch('touchStart', [points[0]]);
      for (const [i, [x, y]] of points.slice(1).entries()) {
        const [fromX, fromY] = points[i];
        for (let step = 1; step <= STEPS; step++) {
          const share = step / STEPS;
          await dispatch('touchMove', [[fromX + share * (x - fromX), fromY + share * (y - fromY)]]);
        }
      }
      await dispatch('touchEnd', []);
    },
  };
}
