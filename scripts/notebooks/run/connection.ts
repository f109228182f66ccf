/** The client's sockets to one kernel: signed requests out, verified messages in (scripts/kernel/wire.ts). */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Dealer, Subscriber } from 'zeromq';
import { address, header, pack, RefusedMessage, unpack } from '../../kernel/wire';
import type { ConnectionInfo, Content, Message } from '../../kernel/wire';

export interface Listener {
  /** Everything that the kernel publishes: streams, displays, its status. */
  onPublished(message: Message): void;
  onReply(message: Message): void;
  /** A message was refused or could not be sent: the conversation is no longer reliable. */
  onBroken(reason: Error): void;
}

/** Messages that have arrived are read within this time, since reading them is all that there is to do. */
const PAUSE_MS = 20;
/** A kernel that sends without end must not keep `drained` waiting. */
const LONGEST_DRAIN_MS = 500;

/** Connecting may precede the kernel's binding: ZeroMQ keeps trying. */
export class Connection {
  readonly #session = randomUUID();
  #listener: Listener | undefined;
  #closed = false;
  #received = 0;

  private constructor(
    private readonly key: string,
    private readonly shell: Dealer,
    private readonly iopub: Subscriber,
  ) {
    void this.#receive(shell, (message) => this.#listener?.onReply(message));
    void this.#receive(iopub, (message) => this.#listener?.onPublished(message));
  }

  static async open(info: ConnectionInfo): Promise<Connection> {
    const zmq = await import('zeromq');
    // Unlimited queues: a dropped message would be an output that is silently not compared.
    const shell = new zmq.Dealer({ linger: 0, reconnectInterval: 10 });
    const iopub = new zmq.Subscriber({ linger: 0, reconnectInterval: 10, receiveHighWaterMark: 0 });
    shell.connect(address(info, info.shell_port));
    iopub.connect(address(info, info.iopub_port));
    iopub.subscribe();
    return new Connection(info.key, shell, iopub);
  }

  /** One listener at a time: whoever is talking to the kernel. */
  listen(listener: Listener | undefined): void {
    this.#listener = listener;
  }

  /** Sends a request and returns its id; reply and publications come to the listener. */
  send(type: string, content: Content): string {
    const head = header(type, this.#session, 'convlab');
    // The kernel is gone, which is noticed elsewhere.
    if (this.#closed) return head.msg_id;
    const message = { identities: [], header: head, parent: {}, metadata: {}, content };
    this.shell.send(pack(this.key, message)).catch((error: Error) => {
      if (!this.#closed) this.#listener?.onBroken(error);
    });
    return head.msg_id;
  }

  /**
   * Resolves once the listener has been given everything that has arrived: when nothing comes for a moment. (A socket's
   * `readable` must not be asked while a receive is pending: ZeroMQ would then not notify that receive.)
   */
  async drained(): Promise<void> {
    const end = performance.now() + LONGEST_DRAIN_MS;
    for (let before = -1; before !== this.#received && performance.now() < end;) {
      before = this.#received;
      await sleep(PAUSE_MS);
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#listener = undefined;
    this.shell.close();
    this.iopub.close();
  }

  async #receive(socket: Dealer | Subscriber, take: (message: Message) => void): Promise<void> {
    try {
      for await (const frames of socket) {
        this.#received++;
        let message: Message;
        try {
          message = unpack(this.key, frames);
        } catch (error) {
          if (!(error instanceof RefusedMessage)) throw error;
          this.#listener?.onBroken(new Error(`the kernel sent ${error.message}; it was refused`));
          continue;
        }
        take(message);
      }
    } catch (error) {
      // Closing a socket ends a pending receive with EAGAIN.
      if (!this.#closed) throw error;
    }
  }
}
