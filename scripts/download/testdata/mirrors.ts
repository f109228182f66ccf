/** Servers on this machine that stand for the mirrors of a download, and what they were asked. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export class Mirrors {
  /** Of all of them, in the order in which they came. */
  readonly requests: IncomingMessage[] = [];
  readonly #servers: { close(): void }[] = [];

  /** @returns its address, ending in a slash */
  async start(answer: Answer): Promise<string> {
    const server = createServer((request, response) => {
      this.requests.push(request);
      answer(request, response);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    this.#servers.push({ close: () => (server.closeAllConnections(), server.close()) });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  }

  close(): void {
    for (const server of this.#servers) server.close();
  }
}
