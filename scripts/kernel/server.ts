/**
 * A kernel's five sockets: incoming messages are verified; outgoing ones are signed and sent in order, without loss.
 */
import { randomUUID } from 'node:crypto';
import type * as Zmq from 'zeromq';
import type { Publisher, Reply, Router } from 'zeromq';
import {
  address,
  header,
  pack,
  RefusedMessage,
  unpack,
  type ConnectionInfo,
  type Content,
  type Header,
  type Message,
} from './wire';

export type Channel = 'shell' | 'control';

export interface Request extends Message {
  readonly channel: Channel;
}

export class Server {
  readonly #session = randomUUID();
  #closed = false;
  #received = 0;

  private constructor(
    private readonly key: string,
    private readonly iopub: Publisher,
    private readonly routers: Readonly<Record<Channel | 'stdin', Router>>,
    private readonly heartbeat: Reply,
  ) {}

  /** Binds all sockets. Requests that arrive before `listen` wait in them. */
  static async bind(info: ConnectionInfo): Promise<Server> {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const zmq = require('zeromq') as typeof Zmq;
    // Without limits, and without waiting: otherwise zeromq.js refuses the 513th message in one turn of the event loop,
    // and ZeroMQ itself drops the 1,001st that waits for a slow reader.
    const unlimited = { sendHighWaterMark: 0, sendTimeout: 0, linger: 1000 };
    const router = () => new zmq.Router({ ...unlimited, receiveHighWaterMark: 0 });
    const iopub = new zmq.Publisher(unlimited);
    const routers = { shell: router(), control: router(), stdin: router() };
    const heartbeat = new zmq.Reply({ linger: 0 });
    await Promise.all([
      iopub.bind(address(info, info.iopub_port)),
      routers.shell.bind(address(info, info.shell_port)),
      routers.control.bind(address(info, info.control_port)),
      routers.stdin.bind(address(info, info.stdin_port)),
      heartbeat.bind(address(info, info.hb_port)),
    ]);
    return new Server(info.key, iopub, routers, heartbeat);
  }

  /** Passes every request to `take`, in order of arrival, until the server is closed. */
  listen(take: (request: Request) => void, refused: (reason: RefusedMessage) => void): void {
    for (const channel of ['shell', 'control'] as const) {
      void this.#receive(this.routers[channel], (frames) => {
        this.#received++;
        let message: Message;
        try {
          message = unpack(this.key, frames);
        } catch (error) {
          if (!(error instanceof RefusedMessage)) throw error;
          refused(error);
          return;
        }
        take({ ...message, channel });
      });
    }
    void this.#receive(this.heartbeat, (frames) => void this.heartbeat.send(frames));
  }

  /**
   * Resolves once `take` has been given all requests that have arrived: when two turns of the event loop bring none.
   * (A socket's `readable` must not be asked while a receive is pending: ZeroMQ would then never notify that receive.)
   */
  async drained(): Promise<void> {
    for (let before = -1; before !== this.#received;) {
      before = this.#received;
      for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
    }
  }

  publish(type: string, content: Content, parent: Partial<Header>, metadata: Content = {}): void {
    this.#send(this.iopub, type, content, parent, metadata, [Buffer.from(type)]);
  }

  reply(request: Request, content: Content, metadata: Content = {}): void {
    const { header: parent, identities, channel } = request;
    const type = parent.msg_type.replace(/_request$/, '_reply');
    this.#send(this.routers[channel], type, content, parent, metadata, identities);
  }

  close(): void {
    this.#closed = true;
    for (const socket of [this.iopub, ...Object.values(this.routers), this.heartbeat]) socket.close();
  }

  #send(
    socket: Publisher | Router,
    type: string,
    content: Content,
    parent: Partial<Header>,
    metadata: Content,
    identities: readonly Buffer[],
  ): void {
    if (this.#closed) return;
    const head = header(type, this.#session, parent.username ?? 'kernel');
    socket
      .send(pack(this.key, { identities, header: head, parent, metadata, content }))
      .catch((error: unknown) => {
        // The reply's client has gone.
        if (socket === this.iopub) throw error;
      });
  }

  async #receive(socket: Router | Reply, take: (frames: Buffer[]) => void): Promise<void> {
    try {
      for await (const frames of socket) take(frames);
    } catch (error) {
      // Closing a socket ends a pending receive with EAGAIN.
      if (!this.#closed) throw error;
    }
  }
}
