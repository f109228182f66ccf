/** The kernel under test, as Jupyter finds it: through `kernel.json`. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** https://jupyter-client.readthedocs.io/en/latest/kernels.html#kernel-specs */
export interface Kernelspec {
  /** The command; `{connection_file}` is replaced by the path of the file with ports and key. */
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly interrupt_mode?: 'signal' | 'message';
}

const ROOT = join(__dirname, '..', '..');
let installed: Kernelspec | undefined;

/**
 * The project's kernel as `kernel:install` registers it. CONVLAB_KERNEL_JSON may name the `kernel.json` of another
 * kernel, such as plain tslab, to see what this one adds.
 */
export function kernelspec(): Kernelspec {
  const other = process.env.CONVLAB_KERNEL_JSON;
  installed ??= other ? read(other) : install();
  return installed;
}

function install(): Kernelspec {
  const prefix = mkdtempSync(join(tmpdir(), 'convlab-kernelspec-'));
  try {
    execFileSync(process.execPath, [join(ROOT, 'scripts', 'kernel', 'install.js'), '--prefix', prefix]);
    return read(join(prefix, 'share', 'jupyter', 'kernels', 'tslab', 'kernel.json'));
  } finally {
    rmSync(prefix, { recursive: true, force: true });
  }
}

const read = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Kernelspec;
