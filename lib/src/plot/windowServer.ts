/** The process behind a window: serves one figure through nodeplotlib until the last browser has left. */
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type * as nodeplotlib from 'nodeplotlib';
import { dirname, join } from 'node:path';
import type { ServeReply, ServeRequest } from './window';

type Middleware = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;
interface NestApplication {
  use(middleware: Middleware): void;
  getHttpServer(): Server;
}

process.once('message', (message) => {
  serve(message as ServeRequest).catch((error: unknown) => {
    answer({ failure: error instanceof Error ? error.message : String(error) });
    process.exit(1);
  });
});
for (const event of ['uncaughtException', 'unhandledRejection']) {
  process.on(event, (error: unknown) => {
    answer({ failure: error instanceof Error ? error.message : String(error) });
    process.exit(1);
  });
}

async function serve({ figure, seconds }: ServeRequest): Promise<void> {
  const patience = setTimeout(() => process.exit(0), seconds * 1000);
  const load = createRequire(__filename);
  const own = dirname(load.resolve('nodeplotlib'));
  const page = await readFile(join(own, 'lib/server/web/index.html'), 'utf8');
  // nodeplotlib's page loads a Plotly of 2020 from a CDN. With the version that this project uses everywhere else, a
  // window needs no internet and shows the same figure. NestJS is a dependency of nodeplotlib, so it is resolved from
  // there.
  const plotlyFile = load.resolve('plotly.js-cartesian-dist-min');
  const localPage = page
    .replace(/https:\/\/cdn\.plot\.ly\/plotly-[^"]*/, '/plotly.js')
    .replace(/<link[^>]*gstatic[^>]*>|@font-face\{[^}]*\}/g, '');
  const { NestFactory } = createRequire(join(own, 'index.js'))('@nestjs/core') as {
    NestFactory: { create(module: unknown): Promise<NestApplication> };
  };
  const create = NestFactory.create.bind(NestFactory);
  NestFactory.create = async (module) => {
    const application = await create(module);
    // nodeplotlib names no host, so it would listen on all network interfaces; a figure is for this machine only.
    const server = application.getHttpServer();
    const listen = server.listen.bind(server) as (port: number, host: string, done: () => void) => Server;
    server.listen = ((port: number, done: () => void) => listen(port, '127.0.0.1', done)) as Server['listen'];
    application.use((request, response, next) => {
      if (request.url === '/plotly.js') {
        response.setHeader('Content-Type', 'text/javascript; charset=utf-8');
        createReadStream(plotlyFile).pipe(response);
      } else if (request.url === '/' || request.url === '/index.html') {
        response.setHeader('Content-Type', 'text/html; charset=utf-8');
        response.end(localPage);
      } else {
        next();
      }
    });
    return application;
  };
  const { PlotsGateway } = load(join(own, 'lib/server/plots/plots.gateway')) as {
    PlotsGateway: { prototype: { handleConnection: (this: unknown, client: unknown) => void } };
  };
  const handleConnection = PlotsGateway.prototype.handleConnection;
  PlotsGateway.prototype.handleConnection = function (client) {
    clearTimeout(patience);
    handleConnection.call(this, client);
    answer({ seen: true });
  };
  const { plot } = load('nodeplotlib') as typeof nodeplotlib;
  plot(figure.data as object[], figure.layout, { displayModeBar: false, responsive: false });
}

function answer(reply: ServeReply): void {
  if (process.connected) process.send?.(reply);
}
