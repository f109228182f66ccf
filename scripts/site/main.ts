/**
 * `npm run site [-- --out DIR | --serve]`: writes the course as a site of static pages, into `site/` or DIR. With --serve
 * it is shown at http://localhost:8080, to this machine only.
 */
import { join } from 'node:path';
import { fileTrouble } from '../../lib/src/fileTrouble';
import { ExpectedError, fromHere, readOptions, runTool, UsageError, wholeNumber } from '../commandLine';
import { buildSite } from './build';
import { checkPlace } from './place';
import { serveSite } from './server';
import { kilobytes, megabytes } from './weight';

/** What a build may take on a machine of today that does nothing else. */
const BUILD_SECONDS = 60;
/** Errors that say something of the disk, and nothing of this program. */
const UNWRITABLE = ['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'ENOTDIR', 'EBUSY'];

const HELP = `npm run site [-- OPTIONS]

Writes the course as static pages, from the notebooks as they are stored.

  --out DIR          where to, a folder that is replaced as a whole: empty, not there
                     yet, or an earlier site; default: site
  --serve            shows it at http://localhost:8080 afterwards, until Ctrl-C, with
                     the headers that training on several threads needs; other
                     machines do not see it
  --port N           another port
  --repository NAME  owner/name on GitHub: pages then link to the sources and to a
                     hosted JupyterLab; default: GITHUB_REPOSITORY
  --help`;

runTool('npm run site', async (args) => {
  const { values } = readOptions(args, {
    out: { type: 'string' },
    serve: { type: 'boolean' },
    port: { type: 'string' },
    repository: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const out = values.out === undefined ? join(__dirname, '../../site') : fromHere(values.out);
  if (values.out !== undefined) checkPlace(out);
  const port = wholeNumber('--port', values.port ?? '8080');
  if (port > 65_535) throw new UsageError(`--port is '${port}', expected at most 65535`);
  const repository = values.repository ?? process.env.GITHUB_REPOSITORY;
  // A port that cannot be had is said before the minute that the pages take.
  const server = values.serve ? await serveSite(out, { port }).catch(portTrouble(port)) : undefined;
  try {
    const started = performance.now();
    const { site, firstPage } = await buildSite({ out, repository });
    const seconds = (performance.now() - started) / 1000;
    console.log(
      `${out}: ${megabytes(site)}, of which the front page loads ${kilobytes(firstPage)} before its figures; built in ${seconds.toFixed(1)} s`,
    );
    // Nothing is wrong with the pages: a machine may be busy.
    if (seconds > BUILD_SECONDS) console.warn(`That is more than ${BUILD_SECONDS} s.`);
    if (server) console.log(`${server.address} shows it until Ctrl-C`);
  } catch (error) {
    server?.close();
    if (!UNWRITABLE.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    throw new ExpectedError(`${out} cannot be written: ${fileTrouble(error)}`);
  }
});

function portTrouble(port: number): (error: NodeJS.ErrnoException) => never {
  return (error) => {
    const isTaken = error.code === 'EADDRINUSE';
    if (!isTaken && error.code !== 'EACCES') throw error;
    throw new ExpectedError(
      `port ${port} is ${isTaken ? 'in use' : 'not for every user'}; --port names another`,
    );
  };
}
