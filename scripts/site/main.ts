/**
 * `npm run site [-- --out DIR | --serve]`: writes the course as a site of static pages, into `site/` or DIR. With --serve
 * it is shown at http://localhost:8080.
 */
import { join } from 'node:path';
import { readOptions, runTool, wholeNumber } from '../commandLine';
import { fromHere } from '../notebooks/notebook/find';
import { buildSite, SiteError } from './build';

const HELP = `npm run site [-- OPTIONS]

Writes the course as static pages, from the notebooks as they are stored.

  --out DIR          where to; default: site
  --serve            shows it at http://localhost:8080 afterwards, until Ctrl-C
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
  const port = wholeNumber('--port', values.port ?? '8080');
  const repository = values.repository ?? process.env.GITHUB_REPOSITORY;
  try {
    const started = performance.now();
    const site = await buildSite({ out, repository });
    console.log(`${out}: built in ${((performance.now() - started) / 1000).toFixed(1)} s`);
    if (!values.serve) return;
    await site.serve(port);
  } catch (error) {
    if (!(error instanceof SiteError)) throw error;
    console.error(`npm run site: ${error.message}`);
    process.exitCode = 1;
  }
});
