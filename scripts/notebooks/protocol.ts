/**
 * The Jupyter messaging protocol 5.3 over ZeroMQ, seen from the client: signed messages out, verified messages in.
 * https://jupyter-client.readthedocs.io/en/latest/messaging.html
 */
import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import type { Dealer, Subscriber } from 'zeromq';

/** What stands in a connection file. */
export interface ConnectionInfo {
  readonly transport: 'ipc' | 'tcp';
  /** A host for tcp, the beginning of the socket files' path for ipc. */
  readonly ip: string;
  readonly shell_port: number;
  readonly iopub_port: number;
  readonly control_port: number;
  readonly stdin_port: number;
  readonly hb_port: number;
  readonly key: string;
  readonly signature_scheme: 'hmac-sha256';
}

export interface Message {
  readonly type: string;
  readonly id: string;
  /** `msg_id` of the request that this answers or belongs to, '' when there is none. */
  readonly parent: string;
  readonly content: Readonly<Record<string, unknown>>;
}

const DELIMITER = Buffer.from('<IDS|MSG>');
const VERSION = '5.3';

/** A message that is malformed or carries a wrong signature: refused, never acted upon. */
export class RefusedMessage extends Error {
  constructor(finding: string) {
    super(`the kernel sent ${finding}; it was refused`);
  }
}

function signature(key: string, parts: readonly (Buffer | string)[]): string {
  const hmac = createHmac('sha256', key);
  for (const part of parts) hmac.update(part);
  return hmac.digest('hex');
}

/** The frames of a request, and its id. */
export function encode(
  key: string,
  session: string,
  type: string,
  content: object,
): { id: string; frames: (Buffer | string)[] } {
  const id = randomUUID();
  const header = {
    msg_id: id,
    session,
    username: 'convlab',
    date: new Date().toISOString(),
    msg_type: type,
    version: VERSION,
  };
  const parts = [header, {}, {}, content].map((part) => JSON.stringify(part));
  return { id, frames: [DELIMITER, signature(key, parts), ...parts] };
}

/** The message in these frames, if the signature is right. */
export function decode(key: string, frames: readonly Buffer[]): Message {
  const at = frames.findIndex((frame) => frame.equals(DELIMITER));
  const parts = frames.slice(at + 2);
  if (at < 0 || parts.length < 4) throw new RefusedMessage('a message without the parts of one');
  const given = Buffer.from(frames[at + 1].toString(), 'latin1');
  const wanted = Buffer.from(signature(key, parts), 'latin1');
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
    throw new RefusedMessage('a message with a wrong signature');
  }
  const [header, parent, , content] = parts.slice(0, 4).map((part) => JSON.parse(part.toString()) as object);
  const { msg_type, msg_id } = header as { msg_type?: unknown; msg_id?: unknown };
  const { msg_id: parentId } = parent as { msg_id?: unknown };
  return {
    type: String(msg_type),
    id: String(msg_id),
    parent: typeof parentId === 'string' ? parentId : '',
    content: content as Message['content'],
  };
}

export interface Listener {
  /** Everything that the kernel publishes: streams, displays, its status. */
  onPublished(message: Message): void;
  onReply(message: Message): void;
  /** A message was refused, or one could not be sent: nothing can be relied upon any more. */
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

  static async open(info: ConnectionInfo): Promise<Connection> {
    const zmq = await import('zeromq');
    const address = (port: number) => `${info.transport}://${info.ip}:${port}`;
    // Unlimited queues: a message that is dropped would be an output that silently is not compared.
    const shell = new zmq.Dealer({ linger: 0, reconnectInterval: 10 });
    const iopub = new zmq.Subscriber({ linger: 0, reconnectInterval: 10, receiveHighWaterMark: 0 });
    shell.connect(address(info.shell_port));
    iopub.connect(address(info.iopub_port));
    iopub.subscribe();
    return new Connection(info.key, shell, iopub);
  }

  /** One listener at a time: the one who is talking to the kernel. */
  listen(listener: Listener | undefined): void {
    this.#listener = listener;
  }

  /** Sends a request and returns its id; reply and publications come to the listener. */
  send(type: string, content: object): string {
    const { id, frames } = encode(this.key, this.#session, type, content);
    // To a kernel that is gone: its end is noticed elsewhere.
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
          this.#listener?.onBroken(
            error instanceof RefusedMessage ? error : new RefusedMessage('a message that is no JSON'),
          );
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
