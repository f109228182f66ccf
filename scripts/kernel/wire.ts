/**
 * Jupyter's messages as ZeroMQ frames, signed with the key of the connection file; for kernels and clients.
 * https://jupyter-client.readthedocs.io/en/latest/messaging.html#the-wire-protocol
 */
import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';

/** The contents of a connection file. */
export interface ConnectionInfo {
  readonly transport: 'ipc' | 'tcp';
  /** A host for tcp; the beginning of the socket files' paths for ipc. */
  readonly ip: string;
  readonly shell_port: number;
  readonly iopub_port: number;
  readonly control_port: number;
  readonly stdin_port: number;
  readonly hb_port: number;
  readonly key: string;
  readonly signature_scheme: 'hmac-sha256';
}

/** ZeroMQ's address of a socket; for ipc in Jupyter's form, with a hyphen and a number in place of a port. */
export function address({ transport, ip }: ConnectionInfo, port: number): string {
  return `${transport}://${ip}${transport === 'ipc' ? '-' : ':'}${port}`;
}

export type Content = Readonly<Record<string, unknown>>;

/** A string field of a message; '' if it is absent. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export interface Header extends Content {
  readonly msg_id: string;
  readonly msg_type: string;
  readonly session: string;
  readonly username: string;
  readonly date: string;
  readonly version: string;
}

export interface Message {
  /** ZeroMQ's routing prefix: the client that a router's message came from, or goes to. */
  readonly identities: readonly Buffer[];
  readonly header: Header;
  /** The header of the request that this message answers or belongs to; empty if there is none. */
  readonly parent: Partial<Header>;
  readonly metadata: Content;
  readonly content: Content;
}

export const PROTOCOL_VERSION = '5.3';
const DELIMITER = Buffer.from('<IDS|MSG>');

/** A message that is malformed or has a wrong signature: refused, never acted upon. */
export class RefusedMessage extends Error {}

export function header(type: string, session: string, username: string): Header {
  return {
    msg_id: randomUUID(),
    msg_type: type,
    session,
    username,
    date: new Date().toISOString(),
    version: PROTOCOL_VERSION,
  };
}

export function pack(key: string, message: Message): (Buffer | string)[] {
  const parts = [message.header, message.parent, message.metadata, message.content].map((part) =>
    JSON.stringify(part),
  );
  return [...message.identities, DELIMITER, signature(key, parts), ...parts];
}

/** The message in these frames. @throws RefusedMessage when it is malformed, or not signed with this key */
export function unpack(key: string, frames: readonly Buffer[]): Message {
  const at = frames.findIndex((frame) => frame.equals(DELIMITER));
  const parts = frames.slice(at + 2);
  if (at < 0 || parts.length < 4) throw new RefusedMessage('a message with parts missing');
  // An empty key means: neither signed nor checked.
  if (key !== '') {
    const expected = Buffer.from(signature(key, parts));
    const given = frames[at + 1];
    if (given.length !== expected.length || !timingSafeEqual(given, expected))
      throw new RefusedMessage('a message with a wrong signature');
  }
  let parsed: readonly unknown[];
  try {
    parsed = parts.slice(0, 4).map((part): unknown => JSON.parse(part.toString()));
  } catch {
    throw new RefusedMessage('a message that is not JSON');
  }
  if (!parsed.every((part) => typeof part === 'object' && part !== null && !Array.isArray(part)))
    throw new RefusedMessage('a message whose parts are not objects');
  const [head, parent, metadata, content] = parsed as [Header, Partial<Header>, Content, Content];
  return { identities: frames.slice(0, at), header: head, parent, metadata, content };
}

function signature(key: string, parts: readonly (Buffer | string)[]): string {
  if (key === '') return '';
  const hmac = createHmac('sha256', key);
  for (const part of parts) hmac.update(part);
  return hmac.digest('hex');
}
