/**
 * The Jupyter messaging protocol 5.3 over ZeroMQ, seen from the client: signed messages out, verified messages in.
 * https://jupyter-client.readthedocs.io/en/latest/messaging.html
 */
import { randomUUID } from 'node:crypto';
import type { Dealer, Subscriber } from 'zeromq';
import * as wire from '../../kernel/wire';

export type { ConnectionInfo } from '../../kernel/wire';

export interface Message {
  readonly type: string;
  readonly id: string;
  /** `msg_id` of the request that this message answers or belongs to; '' if there is none. */
  readonly parent: string;
  readonly content: wire.Content;
  readonly metadata: wire.Content;
}

/** A message that is malformed or has a wrong signature: refused, never acted upon. */
export class RefusedMessage extends Error {
  constructor(finding: string) {
    super(`the kernel sent ${finding}; it was refused`);
  }
}

/** The frames of a request, and its id. */
export function encode(
  key: string,
  session: string,
  type: string,
  content: object,
): { id: string; frames: (Buffer | string)[] } {
  const header = wire.header(type, session, 'convlab');
  const message = { identities: [], header, parent: {}, metadata: {}, content: content as wire.Content };
  return { id: header.msg_id, frames: wire.pack(key, message) };
}

/** The message in these frames, if the signature is right. @throws RefusedMessage */
export function decode(key: string, frames: readonly Buffer[]): Message {
  try {
    const { header, parent, content, metadata } = wire.unpack(key, frames);
    return { type: header.msg_type, id: header.msg_id, parent: parent.msg_id ?? '', content, metadata };
  } catch (error) {
    throw error instanceof wire.RefusedMessage ? new RefusedMessage(error.message) : error;
  }
}

export interface Listener {
  /** Everything that the kernel publishes: streams, displays, its status. */
  onPublished(message: Message): void;
  onReply(message: Message): void;
  /** A message was refused or could not be sent: the conversation is no longer reliable. */
  onBroken(reason: Error): void;
}

/** The client's sockets to one kernel. Connecting may precede the kernel's binding: ZeroMQ keeps trying. */
export class Connection {
  readonly #session = randomUUID();
  #listener: Listener | undefined;
  #closed = false;

  private constructor(
    private readonly key: string,
    private readonly shell: Dealer,
    private readonly iopub: Subscriber,
  ) {
    void this.#receive(shell, (message) => this.#listener?.onReply(message));
    void this.#receive(iopub, (message) => this.#listener?.onPublished(message));
  }

  static async open(info: wire.ConnectionInfo): Promise<Connection> {
    const zmq = await import('zeromq');
    const address = (port: number) => wire.address(info, port);
    // Unlimited queues: a dropped message would be an output that is silently not compared.
    const shell = new zmq.Dealer({ linger: 0, reconnectInterval: 10 });
    const iopub = new zmq.Subscriber({ linger: 0, reconnectInterval: 10, receiveHighWaterMark: 0 });
    shell.connect(address(info.shell_port));
    iopub.connect(address(info.iopub_port));
    iopub.subscribe();
    return new Connection(info.key, shell, iopub);
  }

  /** One listener at a time: whoever is talking to the kernel. */
  listen(listener: Listener | undefined): void {
    this.#listener = listener;
  }

  /** Sends a request and returns its id; reply and publications come to the listener. */
  send(type: string, content: object): string {
    const { id, frames } = encode(this.key, this.#session, type, content);
    // The kernel is gone, which is noticed elsewhere.
    if (this.#closed) return id;
    this.shell.send(frames).catch((error: Error) => {
      if (!this.#closed) this.#listener?.onBroken(error);
    });
    return id;
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
        let message: Message;
        try {
          message = decode(this.key, frames);
        } catch (error) {
          this.#listener?.onBroken(error as Error);
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
