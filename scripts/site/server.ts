/** Serves the site on this machine as a web space does: compressed, with the types of its files. */
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, sep } from 'node:path';
import { gzipSync } from 'node:zlib';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** What a page needs to share memory between threads. */
const ISOLATED = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

export interface SiteServer {
  /** `http://127.0.0.1:8080/` */
  readonly address: string;
  close(): void;
}

export interface ServeOptions {
  /** Default: any that is free. */
  readonly port?: number;
  /** Whether pages may use several threads, for which a web space must send two headers. Default true. */
  readonly isolated?: boolean;
}

/**
 * @param folder the site
 * @throws Error with `code` `EADDRINUSE` when something else listens at the port
 */
export async function serveSite(
  folder: string,
  { port = 0, isolated = true }: ServeOptions = {},
): Promise<SiteServer> {
  const server = createServer((request, response) => {
    const file = fileOf(folder, request.url ?? '/');
    if (file === undefined || !['GET', 'HEAD'].includes(request.method ?? '')) {
      response.writeHead(file === undefined ? 404 : 405, { 'Content-Type': 'text/plain' });
      response.end(file === undefined ? 'There is no such page.' : 'Pages are only read.');
      return;
    }
    const type = TYPES[extname(file)];
    const headers: Record<string, string> = {
      'Content-Type': type ?? 'application/octet-stream',
      // What was built anew is shown anew.
      'Cache-Control': 'no-cache',
      ...(isolated && ISOLATED),
    };
    const isText = type !== undefined && type !== TYPES['.woff2'];
    if (isText && /\bgzip\b/.test(String(request.headers['accept-encoding']))) {
      response.writeHead(200, { ...headers, 'Content-Encoding': 'gzip' });
      response.end(request.method === 'HEAD' ? undefined : gzipSync(readFileSync(file)));
      return;
    }
    response.writeHead(200, { ...headers, 'Content-Length': statSync(file).size });
    if (request.method === 'HEAD') response.end();
    else createReadStream(file).pipe(response);
  });
  await new Promise<void>((done, fail) => {
    // Nobody else in the network sees it.
    server.once('error', fail).listen(port, '127.0.0.1', done);
  });
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** The file that an address means; undefined where there is none in the folder. */
function fileOf(folder: string, address: string): string | undefined {
  let path: string;
  try {
    path = decodeURIComponent(new URL(address, 'http://site.invalid').pathname);
  } catch {
    return undefined;
  }
  if (path.includes('\0')) return undefined;
  const named = join(folder, path);
  if (named !== folder && !named.startsWith(folder.endsWith(sep) ? folder : folder + sep)) return undefined;
  const file = existsSync(named) && statSync(named).isDirectory() ? join(named, 'index.html') : named;
  return existsSync(file) && statSync(file).isFile() ? file : undefined;
}
