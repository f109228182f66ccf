/**
 * A figure in a window, from a script: nodeplotlib serves a page and opens the browser on it.
 *
 * nodeplotlib closes its server only after the last browser has left: on a machine without a browser a script would
 * never end, and elsewhere it would last as long as the window. The server therefore runs in a process of its own,
 * which ends by itself if no browser connects.
 */
import { fork } from 'node:child_process';
import { extname, join } from 'node:path';
import { checkOptions, finite } from '../check';
import type { OptionRules } from '../check';
import { checkFigure } from './checks';
import type { Figure } from './figure';

export interface WindowOptions {
  /** How long to wait for the browser, in seconds. Default 15. */
  readonly seconds?: number;
}

/** Up to a day. */
const optionRules: OptionRules<WindowOptions> = { seconds: finite({ above: 0, to: 86_400 }) };

/** The messages between the two processes. */
export interface ServeRequest {
  readonly figure: Figure;
  readonly seconds: number;
}
export type ServeReply = { readonly seen: true } | { readonly failure: string };

/**
 * Opens a browser window with the figure. Resolves to true when the browser has loaded it; the window stays open while
 * the script continues and after it has ended. If no browser connects in time, resolves to false with a warning: a long
 * script on a machine without a screen should not fail because of a picture. Use `toSvg` there.
 *
 * If the environment variable NODEPLOTLIB_PORT is set, no browser is opened: the page is served at that port.
 *
 * @throws TypeError when it is not a figure; Error when the page cannot be served (a port in use)
 * @example await openWindow(lineChart([{ y: [3, 2, 1] }]))
 */
export async function openWindow(figure: Figure, o: WindowOptions = {}): Promise<boolean> {
  checkFigure('openWindow', figure);
  checkOptions('openWindow', o, optionRules);
  const { seconds = 15 } = o;
  const extension = extname(__filename);
  const server = fork(join(__dirname, `windowServer${extension}`), {
    detached: true,
    // nodeplotlib logs to stdout.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    // The sources (.ts) need the loader that this process was started with; compiled files need none.
    execArgv: extension === '.ts' ? process.execArgv : [],
  });
  try {
    const reply = await new Promise<ServeReply | undefined>((resolve, reject) => {
      server.once('error', reject);
      server.once('message', (message) => resolve(message as ServeReply));
      server.once('exit', () => resolve(undefined));
      server.send({ figure, seconds } satisfies ServeRequest);
    });
    if (reply && 'failure' in reply) throw new Error(`openWindow: ${reply.failure}`);
    if (!reply) {
      process.emitWarning(
        `openWindow: no browser came within ${seconds} s; toSvg(figure) gives a picture without one`,
      );
    }
    return reply !== undefined;
  } finally {
    if (server.connected) server.disconnect();
    server.unref();
  }
}
