/** The process behind a window: serves figures through nodeplotlib until the last browser has left. */
import childProcess from 'node:child_process';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type * as nodeplotlib from 'nodeplotlib';
import { dirname, join } from 'node:path';
import type * as rxjs from 'rxjs';
import type { ServerReply, ServerRequest } from './window';

type Middleware = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;
interface NestApplication {
  use(middleware: Middleware): void;
  getHttpServer(): Server;
}

const load = createRequire(__filename);
/** nodeplotlib's folder; what it depends on, NestJS and RxJS, is resolved from there. */
const own = dirname(load.resolve('nodeplotlib'));
const loadIts = createRequire(join(own, 'index.js'));

for (const event of ['uncaughtException', 'unhandledRejection']) {
  process.on(event, (error: unknown) => fail(error));
}
void serve().catch(fail);

async function serve(): Promise<void> {
  const { ReplaySubject } = loadIts('rxjs') as typeof rxjs;
  /** A browser that connects late gets the last figure. */
  const data = new ReplaySubject<object[]>(1);
  // nodeplotlib takes a stream of traces and one layout, which it sends along each time: this one, whatever is in it.
  const layout = {};
  let seconds: number | undefined;
  let isServed = false;
  let isSeen = false;
  let patience: NodeJS.Timeout | undefined;
  /** Begins to wait for a browser, or begins anew, once there is a page to be opened; loading the server takes a while. */
  const wait = (): void => {
    if (!isServed || isSeen || seconds === undefined) return;
    clearTimeout(patience);
    patience = setTimeout(() => process.exit(0), seconds * 1000);
  };
  process.on('message', (request: ServerRequest) => {
    if ('seconds' in request) {
      seconds = request.seconds;
      wait();
      // A script that goes on must not keep a window's server alive whose browser has left.
      process.channel?.unref();
    } else if ('complete' in request) data.complete();
    else {
      Object.assign(layout, request.figure.layout);
      data.next([...request.figure.data]);
    }
  });
  const files = await pageFiles();
  serveOnlyHere(files);
  tellIfNoBrowser(() => {
    isServed = true;
    wait();
  });
  const { PlotsGateway } = load(join(own, 'lib/server/plots/plots.gateway')) as {
    PlotsGateway: { prototype: { handleConnection: (this: unknown, client: unknown) => void } };
  };
  const handleConnection = PlotsGateway.prototype.handleConnection;
  PlotsGateway.prototype.handleConnection = function (client) {
    isSeen = true;
    clearTimeout(patience);
    handleConnection.call(this, client);
    answer({ seen: true });
  };
  const { plot } = load('nodeplotlib') as typeof nodeplotlib;
  plot(data, layout, { displayModeBar: false });
}

/**
 * The files of nodeplotlib's page, repaired: it loads a Plotly of 2020 and fonts from the internet, shows the name of an
 * icon where its font is missing, cuts off a figure that is wider than half the window, stretches figures when the window
 * changes, and draws the first before there is a place for it. With the Plotly that this project uses everywhere else it shows the same figure.
 */
async function pageFiles(): Promise<ReadonlyMap<string, { readonly type: string; readonly text: string }>> {
  const [page, script] = await Promise.all(
    ['index.html', 'main.js'].map((name) => readFile(join(own, 'lib/server/web', name), 'utf8')),
  );
  const html = {
    type: 'text/html; charset=utf-8',
    text: page
      .replace(/https:\/\/cdn\.plot\.ly\/plotly-[^"]*/, '/plotly.js')
      .replace(/<link[^>]*gstatic[^>]*>|@font-face\{[^}]*\}/g, '')
      .replace('</head>', `<style>${PAGE_STYLE}</style></head>`),
  };
  const javascript = {
    type: 'text/javascript; charset=utf-8',
    text: script
      .replaceAll('autosize:!0', 'autosize:!1')
      .replaceAll('responsive:!0', 'responsive:!1')
      .replace('t.plotData&&Plotly.react(', 't.plotData&&this.plotContainer&&Plotly.react('),
  };
  return new Map([
    ['/', html],
    ['/index.html', html],
    ['/plots', html],
    ['/main.js', javascript],
  ]);
}

/** One column as wide as the window; no button whose icon is in a font, and which leads to an unwritten page. */
const PAGE_STYLE = `
npl-plots { grid-template-columns: minmax(0, 1fr) !important; }
mat-card { justify-self: start; box-sizing: border-box; max-width: 100%; overflow-x: auto; }
[routerlink="tutorial"] { display: none !important; }
`;

/** nodeplotlib names no host, so it would listen on all network interfaces; a figure is for this machine only. */
function serveOnlyHere(files: Awaited<ReturnType<typeof pageFiles>>): void {
  const plotlyFile = load.resolve('plotly.js-cartesian-dist-min');
  const { NestFactory } = loadIts('@nestjs/core') as {
    NestFactory: { create(module: unknown): Promise<NestApplication> };
  };
  const create = NestFactory.create.bind(NestFactory);
  NestFactory.create = async (module) => {
    const application = await create(module);
    const server = application.getHttpServer();
    const listen = server.listen.bind(server) as (port: number, host: string, done: () => void) => Server;
    server.listen = ((port: number, done: () => void) => listen(port, '127.0.0.1', done)) as Server['listen'];
    application.use((request, response, next) => {
      const file = files.get(request.url ?? '');
      if (file) {
        response.setHeader('Content-Type', file.type);
        response.end(file.text);
      } else if (request.url === '/plotly.js') {
        response.setHeader('Content-Type', 'text/javascript; charset=utf-8');
        createReadStream(plotlyFile).pipe(response);
      } else {
        next();
      }
    });
    return application;
  };
}

/**
 * nodeplotlib runs the system's command that opens a browser, and does not look whether it could.
 *
 * @param onServed called when the page is there, and again when a person has been told to open it
 */
function tellIfNoBrowser(onServed: () => void): void {
  const opener = load(join(own, 'lib/utils/open-window')) as { openWindow: (address: string) => void };
  const { openWindow } = opener;
  opener.openWindow = (address) => {
    onServed();
    const { exec } = childProcess;
    const ask = (): void => {
      answer({ address });
      onServed();
    };
    const observed = (command: string) => exec(command, (error) => error && ask());
    childProcess.exec = observed as typeof exec;
    try {
      openWindow(address);
    } finally {
      childProcess.exec = exec;
    }
    if (process.env.NODEPLOTLIB_PORT) ask();
  };
}

function fail(error: unknown): void {
  answer({ failure: error instanceof Error ? error.message : String(error) });
  process.exit(1);
}

function answer(reply: ServerReply): void {
  if (process.connected) process.send?.(reply);
}
