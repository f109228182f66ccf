/**
 * Downloads that survive bad networks: through the proxy that the environment names (HTTPS_PROXY, HTTP_PROXY,
 * ALL_PROXY, NO_PROXY), resumed where an earlier run was cut off, and given up when the server falls silent.
 */
import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { getProxyForUrl } from 'proxy-from-env';
// Node's own `fetch` ignores the proxy variables, on Node 20 and 22 without a way to change that.
import { fetch, ProxyAgent, type Dispatcher } from 'undici';
import type { Progress } from './progress';

/** A server that sends nothing for so long is given up. */
export const SILENCE_SECONDS = 30;

export interface DownloadOptions {
  /** What the progress bar calls it. */
  readonly name: string;
  readonly progress: Progress;
  readonly silenceSeconds?: number;
}

/**
 * Downloads to the file `part`. Appends to what is there, if the server can send the rest of a file; else begins anew.
 *
 * @throws Error that says what the server answered, or an error of the disk (see {@link isLocal})
 */
export async function download(
  address: string,
  part: string,
  { name, progress, silenceSeconds = SILENCE_SECONDS }: DownloadOptions,
): Promise<void> {
  const from = (await sizeOf(part)) ?? 0;
  const silence = new AbortController();
  const tooLong = (): void => silence.abort(new Error(`it sent nothing for ${silenceSeconds} s`));
  let timer = setTimeout(tooLong, silenceSeconds * 1000);
  try {
    const headers = { 'accept-encoding': 'identity', ...(from > 0 && { range: `bytes=${from}-` }) };
    const response = await fetch(address, { headers, signal: silence.signal, dispatcher: proxyFor(address) });
    // The whole file was there already.
    if (response.status === 416 && from > 0) return;
    if (!response.ok || !response.body)
      throw new Error(`it answers ${response.status} ${response.statusText}`);
    const resumes = response.status === 206;
    let bytes = resumes ? from : 0;
    const length = Number(response.headers.get('content-length') ?? NaN);
    const total = Number.isNaN(length) ? undefined : bytes + length;
    const counted = async function* (body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const piece of body) {
        clearTimeout(timer);
        timer = setTimeout(tooLong, silenceSeconds * 1000);
        bytes += piece.length;
        progress.at(name, bytes, total);
        yield piece;
      }
    };
    const body = Readable.fromWeb(response.body);
    await pipeline(body, counted, createWriteStream(part, { flags: resumes ? 'a' : 'w' }), {
      signal: silence.signal,
    });
    if (total !== undefined && bytes < total) throw new Error(`it sent ${bytes} of ${total} bytes`);
  } catch (error) {
    throw silence.signal.aborted ? silence.signal.reason : error;
  } finally {
    clearTimeout(timer);
  }
}

const proxies = new Map<string, ProxyAgent>();

/** undefined: no proxy. Many proxies refuse tunnels to servers without TLS, which need none. */
function proxyFor(address: string): Dispatcher | undefined {
  const proxy = getProxyForUrl(address);
  if (proxy === '') return undefined;
  const known = proxies.get(proxy) ?? new ProxyAgent({ uri: proxy, proxyTunnel: false });
  proxies.set(proxy, known);
  return known;
}

/** undefined if there is no such file */
export async function sizeOf(file: string): Promise<number | undefined> {
  return stat(file).then(
    (found) => (found.isFile() ? found.size : undefined),
    () => undefined,
  );
}

/** An error of the disk, not of the place: no other place would mend it. */
export function isLocal(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return (
    code !== undefined &&
    ['ENOSPC', 'EACCES', 'EROFS', 'EDQUOT', 'EFBIG', 'ENOENT', 'ENOTDIR', 'EISDIR'].includes(code)
  );
}

/** Of `fetch failed`, the cause says what happened. */
export function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  if (!(cause instanceof Error)) return message;
  const { code } = cause as NodeJS.ErrnoException;
  return `${message} (${cause.message || code})`;
}
