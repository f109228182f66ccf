/**
 * A figure in a window, from a script: nodeplotlib serves a page and opens the browser on it.
 *
 * nodeplotlib closes its server only after the last browser has left: on a machine without a browser a script would
 * never end, and elsewhere it would last as long as the window. The server therefore runs in a process of its own,
 * which ends by itself if no browser connects.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { extname, join } from 'node:path';
import { checkOptions, finite, isObject } from '../check';
import type { OptionRules } from '../check';
import { EnvironmentError } from '../errors';
import { checkFigure, toPlotly } from './draw';
import type { Figure } from './draw';
import type { PlotlyFigure } from './plotly';

export interface WindowOptions {
  /** How long to wait for the browser, in seconds. Default 15. */
  readonly seconds?: number;
}

/** Up to a day. */
const optionRules: OptionRules<WindowOptions> = { seconds: finite({ above: 0, to: 86_400 }) };

/** Figures that follow one another: an RxJS `Observable` is one. */
export interface FigureStream {
  subscribe(observer: {
    next: (figure: Figure) => void;
    error: (error: unknown) => void;
    complete: () => void;
  }): {
    unsubscribe(): void;
  };
}

/** To the server: first how long to wait for a browser, then the figures, then that there will be no more. */
export type ServerRequest =
  { readonly seconds: number } | { readonly figure: PlotlyFigure } | { readonly complete: true };
export type ServerReply =
  | { readonly seen: true }
  /** There is no browser to be opened: a person has to open the page. */
  | { readonly address: string }
  | { readonly failure: string };

/**
 * Opens a browser window with the figure, or with the figures of an RxJS `Observable`, each in the place of the one
 * before. Resolves to true when the browser has loaded it; the window stays open while the script continues and after
 * it has ended. Where no browser can be opened, prints the page's address. If none connects in time, resolves to false
 * with a warning: a long script on a machine without a screen should not fail because of a picture. Use `toSvg` there.
 *
 * If the environment variable NODEPLOTLIB_PORT is set, no browser is opened: the page is served at that port.
 *
 * @throws TypeError when it is neither a figure nor a stream; Error when the page cannot be served (a port in use)
 * @throws EnvironmentError when `nodeplotlib` or its Plotly is not installed; both are optional
 * @throws whatever the stream ends with before a browser has connected
 * @example await openWindow(lineChart([{ y: [3, 2, 1] }]))
 */
export async function openWindow(figure: Figure | FigureStream, o: WindowOptions = {}): Promise<boolean> {
  const stream = isStream(figure) ? figure : onlyOne(figure);
  checkOptions('openWindow', o, optionRules);
  const { seconds = 15 } = o;
  checkInstalled();
  const extension = extname(__filename);
  const server = fork(join(__dirname, `windowServer${extension}`), {
    detached: true,
    // nodeplotlib logs to stdout.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    // The sources (.ts) need the loader that this process was started with; compiled files need none.
    execArgv: extension === '.ts' ? process.execArgv : [],
  });
  const channel = new Channel(server);
  try {
    return await new Promise<boolean>((resolve, reject) => {
      server.once('error', reject);
      server.on('message', (reply: ServerReply) => {
        if ('seen' in reply) resolve(true);
        else if ('failure' in reply) reject(new Error(`openWindow: ${reply.failure}`));
        else console.warn(`openWindow: open ${reply.address} in a browser within ${seconds} s`);
      });
      server.once('exit', () => resolve(false));
      channel.send({ seconds });
      channel.forward(stream, reject);
    }).then((seen) => {
      if (seen) return true;
      process.emitWarning(
        `openWindow: no browser came within ${seconds} s; toSvg(figure) gives a picture without one`,
      );
      return false;
    });
  } finally {
    channel.answered();
  }
}

function checkInstalled(): void {
  const { resolve } = createRequire(__filename);
  for (const name of ['nodeplotlib', 'plotly.js-cartesian-dist-min']) {
    try {
      resolve(name);
    } catch (cause) {
      throw new EnvironmentError(
        'NOT_INSTALLED',
        `openWindow: ${name} is not installed; npm install nodeplotlib@1.1.2 plotly.js-cartesian-dist-min ` +
          '(toSvg(figure) gives a picture without them)',
        { cause },
      );
    }
  }
}

function isStream(value: unknown): value is FigureStream {
  return isObject(value) && typeof value.subscribe === 'function';
}

function onlyOne(figure: Figure): FigureStream {
  checkFigure('openWindow', figure);
  return {
    subscribe(observer) {
      observer.next(figure);
      observer.complete();
      return { unsubscribe: () => undefined };
    },
  };
}

/** What is between the script and the server: closed when the server has answered and the stream has ended. */
class Channel {
  private isAnswered = false;
  private isComplete = false;

  constructor(private readonly server: ChildProcess) {}

  send(request: ServerRequest, sent?: () => void): void {
    if (this.server.connected) this.server.send(request, sent);
  }

  /** Sends the stream's figures while both last. */
  forward(stream: FigureStream, fail: (error: unknown) => void): void {
    const subscription = stream.subscribe({
      next: (figure) => {
        checkFigure('openWindow', figure);
        this.send({ figure: toPlotly(figure) });
      },
      error: (error) => {
        this.complete();
        if (!this.isAnswered) return fail(error);
        // As RxJS does with an error that nobody handles.
        setImmediate(() => {
          throw error;
        });
      },
      complete: () => this.complete(),
    });
    this.server.once('disconnect', () => subscription.unsubscribe());
  }

  /** From now on neither the window nor a stream without end keeps the script alive. */
  answered(): void {
    this.isAnswered = true;
    this.server.unref();
    this.server.channel?.unref();
    this.closeIfDone();
  }

  private complete(): void {
    this.send({ complete: true }, () => {
      this.isComplete = true;
      this.closeIfDone();
    });
  }

  private closeIfDone(): void {
    if (this.isAnswered && this.isComplete && this.server.connected) this.server.disconnect();
  }
}
