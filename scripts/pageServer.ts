/** A server for pages that use `convlab/browser`, in tests and benchmarks, with the headers that a site may send. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');

const isolated = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};
const strict =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src blob:; connect-src 'self'";

/** The pages by their paths: empty ones, but for what they allow. */
const PAGES = {
  isolated,
  plain: {},
  /** The least policy that the README names. */
  strict: { 'Content-Security-Policy': strict },
  strictAndIsolated: { ...isolated, 'Content-Security-Policy': strict },
  withoutWorkers: { 'Content-Security-Policy': strict.replace('worker-src blob:', "worker-src 'self'") },
  withoutWebAssembly: { 'Content-Security-Policy': strict.replace(" 'wasm-unsafe-eval'", '') },
} as const;

export type PageName = keyof typeof PAGES;

const SCRIPTS: Readonly<Record<string, string>> = {
  '/convlab.mjs': join(ROOT, 'lib/dist/browser.mjs'),
  '/tf.js': join(ROOT, 'node_modules/@tensorflow/tfjs/dist/tf.min.js'),
};

export interface PageServer {
  /** The address of a page; scripts and data are beside it. */
  address(name: PageName): string;
  close(): void;
}

/** @param others scripts and data by their paths */
export async function startPageServer(
  others: Readonly<Record<string, string | Uint8Array>> = {},
): Promise<PageServer> {
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    const page = PAGES[path.slice(1) as PageName] as Record<string, string> | undefined;
    const script = others[path] ?? (SCRIPTS[path] && readFileSync(SCRIPTS[path], 'utf8'));
    if (page) {
      response.writeHead(200, { 'Content-Type': 'text/html', ...page });
      response.end('<!doctype html><title>convlab/browser</title>');
    } else if (script) {
      response.writeHead(200, { 'Content-Type': 'text/javascript', ...isolated });
      response.end(script);
    } else {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: (name) => `http://127.0.0.1:${port}/${name}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
