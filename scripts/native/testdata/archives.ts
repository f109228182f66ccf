/** A mirror's answers to a download of TensorFlow: its library, and the addon built for it. */
import type { Answer } from '../../download/testdata/mirrors';

export const notFound: Answer = (_, response) =>
  void response.writeHead(404, 'Not Found').end('<html>no</html>');

/** A mirror that has the archives of libtensorflow and of the addon, or answers as told. */
export function archives(library: Buffer | Answer, addon: Buffer | Answer = notFound): Answer {
  return (request, response) => {
    const wanted = request.url?.includes('libtensorflow') ? library : addon;
    if (typeof wanted === 'function') return wanted(request, response);
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    if (from >= wanted.length) return void response.writeHead(416).end();
    response
      .writeHead(from > 0 ? 206 : 200, { 'content-length': wanted.length - from })
      .end(wanted.subarray(from));
  };
}
