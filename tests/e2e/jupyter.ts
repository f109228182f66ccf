/**
 * JupyterLab for tests, started by `npm run lab`'s own code and used as a person does.
 *
 *     import { test } from 'node:test';
 *     import { screenshot } from './browser';
 *     import { testLab } from './jupyter';
 *
 *     const lab = testLab(); // starts before the file's first test, ends after its last
 *
 *     test('01 runs to its end', async () => {
 *       const notebook = await lab.open('notebooks/01-convolution.ipynb');
 *       await notebook.runAll(); // through the menu; resolves when the last cell has ended
 *       assert.deepEqual(await notebook.errors(), []);
 *       assert.deepEqual(await notebook.figuresNotDrawn(), []);
 *       const cell = await notebook.cell(3); // the fourth cell, scrolled into view: a Playwright locator
 *       await cell.getByRole('slider').press('ArrowRight');
 *       await screenshot(notebook.page, '01-end'); // report/e2e/screenshots/01-end.png: look at it
 *       await notebook.close(); // and its kernel
 *     });
 *
 * `lab.write(name, cells)` makes a notebook of a few cells of TypeScript. All notebooks are copies in a folder of its
 * own (`report/e2e/course-…`, in which links lead to the glossary as in the repository), so a test may run and save them.
 * The folder, the server and its kernels are gone after the tests.
 */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { after, afterEach, before } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Locator, Page } from 'playwright-core';
import { prepareEnvironment, ROOT, type Environment } from '../../scripts/lab/environment';
import { startServer, type JupyterServer } from '../../scripts/lab/server';
import { trustFiles } from '../../scripts/lab/trust';
import { ARTEFACTS, screenshot, testBrowser, type PageOptions } from './browser';

export interface TestLab {
  readonly environment: Environment;
  readonly server: JupyterServer;
  /** The folder that JupyterLab shows: a copy of the course, without what it needs not. */
  readonly root: string;
  /** Opens a notebook, such as `notebooks/01-convolution.ipynb`, in a page of its own. */
  open(path: string, o?: OpenOptions): Promise<NotebookPage>;
  /** Writes a notebook of code cells, which nothing is known of yet. @returns its path, for `open` */
  write(name: string, cells: readonly (string | StoredCell)[]): string;
}

export interface OpenOptions extends PageOptions {
  /**
   * Whether the notebook's stored scripts may run, as `npm run lab` lets those of committed notebooks. Default true; a
   * notebook made by `write` is never trusted.
   */
  readonly trusted?: boolean;
}

/** A code cell with what it showed when it was run. */
export interface StoredCell {
  readonly source: string;
  readonly outputs: readonly unknown[];
}

/** A code or prose cell as JupyterLab holds it. */
export interface Cell {
  /** Index over all cells, from 0. */
  readonly index: number;
  readonly type: 'code' | 'markdown' | 'raw';
  readonly source: string;
  readonly executionCount: number | null;
  /** Whether JupyterLab runs the scripts in its outputs. */
  readonly trusted: boolean;
  /** Whether its outputs are folded away, behind a question. */
  readonly folded: boolean;
  readonly outputs: readonly CellOutput[];
}

export interface CellOutput {
  readonly output_type: 'stream' | 'display_data' | 'execute_result' | 'error';
  readonly name?: string;
  readonly text?: string;
  readonly ename?: string;
  readonly evalue?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

const PLOTLY = 'application/vnd.plotly.v1+json';

/** The longest notebook takes a minute on a quiet machine. */
const LONGEST_RUN_MS = 900_000;

/** Starts JupyterLab and a browser for the tests of one file, at its top level. */
export function testLab(): TestLab {
  const root = join(ARTEFACTS, `course-${process.pid}`);
  let environment: Environment | undefined;
  let server: JupyterServer | undefined;
  // Before the browser's hook, which fails when pages misbehaved; no other would follow it.
  after(async () => {
    await server?.stop();
    rmSync(root, { recursive: true, force: true });
  });
  const browser = testBrowser();
  before(async () => {
    copyCourse(root);
    environment = {
      ...(await prepareEnvironment((line) => console.log(line))),
      state: join(root, '.jupyter'),
    };
    server = await startServer(environment, {
      root,
      // Gives these tests the application's own view of its notebooks.
      args: ['--LabApp.expose_app_in_browser=True'],
    });
  });
  let pages = 0;
  const open = new Set<NotebookPage>();
  const written = new Set<string>();
  // A test that failed has not closed its notebook: it is looked at, and its kernel ended.
  afterEach(async () => {
    for (const notebook of open) {
      await screenshot(notebook.page, `failed-${basename(notebook.path, '.ipynb')}`).catch(() => undefined);
      await notebook.close();
    }
  });
  const running = () => {
    if (!server || !environment) throw new Error('JupyterLab starts before the first test; use it in tests');
    return { server, environment };
  };
  return {
    root,
    get environment() {
      return running().environment;
    },
    get server() {
      return running().server;
    },
    async open(path, { trusted = true, ...o } = {}) {
      const { server, environment } = running();
      if (trusted && !written.has(path)) trustFiles(environment, [join(root, path)]);
      const page = await browser.blank({ width: 1280, height: 900, ...o });
      // A workspace of its own, or else the tabs of the last page would be opened too.
      pages++;
      await page.goto(`${server.url}lab/workspaces/test-${pages}/tree/${path}?token=${server.token}`);
      const notebook = new NotebookPage(page, server, path, () => open.delete(notebook));
      open.add(notebook);
      await notebook.ready();
      if (o.theme === 'dark') {
        await notebook.command('apputils:change-theme', { theme: 'JupyterLab Dark' });
        await page.locator('body[data-jp-theme-light="false"]').waitFor({ state: 'attached' });
      }
      return notebook;
    },
    write(name, cells) {
      const path = `notebooks/${name}.ipynb`;
      written.add(path);
      writeFileSync(join(root, path), JSON.stringify(notebookOf(cells), undefined, 1));
      return path;
    },
  };
}

/** The notebooks and what they link to. Packages are found in the repository, in which the copy lies. */
function copyCourse(root: string): void {
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root, { recursive: true });
  const accuracy = ['scripts/accuracy/results.json', 'scripts/accuracy/sizes.json'];
  const speedrun = ['scripts/speedrun/results.json', 'scripts/speedrun/search.json'];
  const read = ['data/mnist.json', 'scripts/experiments/results', ...accuracy, ...speedrun];
  const linked = ['README.md', 'GLOSSARY.md', 'CONTRIBUTING.md', 'LICENSE'];
  for (const name of ['notebooks', ...read, ...linked]) {
    cpSync(join(ROOT, name), join(root, name), {
      recursive: true,
      filter: (source) => !source.endsWith('.ipynb_checkpoints'),
    });
  }
}

function notebookOf(cells: readonly (string | StoredCell)[]): unknown {
  return {
    cells: cells.map((cell, index) => ({
      cell_type: 'code',
      execution_count: null,
      id: `cell-${index}`,
      metadata: {},
      ...(typeof cell === 'string' ? { source: cell, outputs: [] } : cell),
    })),
    metadata: { kernelspec: { display_name: 'TypeScript', language: 'typescript', name: 'tslab' } },
    nbformat: 4,
    nbformat_minor: 5,
  };
}

/** A notebook in a page of JupyterLab. */
export class NotebookPage {
  constructor(
    readonly page: Page,
    private readonly server: JupyterServer,
    /** Below the server's root. */
    readonly path: string,
    private readonly closed: () => void,
  ) {}

  /** Resolves when the notebook is shown and its kernel has answered. @throws when a dialog has come up instead */
  async ready(): Promise<void> {
    await this.page.waitForFunction(
      `globalThis.jupyterapp?.shell.currentWidget?.context?.path === ${JSON.stringify(this.path)}`,
    );
    await this.page.evaluate(`(async () => {
      const { context, sessionContext } = jupyterapp.shell.currentWidget;
      await context.ready;
      await sessionContext.ready;
      await sessionContext.session.kernel.info;
    })()`);
    assert.equal(await this.page.locator('.jp-Dialog').count(), 0, 'JupyterLab asks something');
  }

  /** Run → Run All Cells, and waits for the end. */
  async runAll(): Promise<void> {
    const ended = await this.endOf('runmenu:run-all');
    await this.menu('Run', /^Run All Cells$/);
    await ended();
  }

  /** Kernel → Restart Kernel and Run All Cells…, says yes, and waits for the end. */
  async restartAndRunAll(): Promise<void> {
    const ended = await this.endOf('runmenu:restart-and-run-all');
    await this.menu('Kernel', /^Restart Kernel and Run All Cells/);
    await this.page
      .locator('.jp-Dialog')
      .getByRole('button', { name: /^(Confirm )?(Kernel )?Restart/ })
      .click();
    await ended();
  }

  /** Chooses an entry of the menu bar. */
  async menu(bar: string, entry: RegExp): Promise<void> {
    await this.page.locator('.lm-MenuBar-item').getByText(bar, { exact: true }).click();
    await this.page.locator('.lm-Menu-itemLabel').filter({ hasText: entry }).first().click();
  }

  /** Runs one cell with Ctrl-Enter and does not wait. */
  async start(index: number): Promise<void> {
    const cell = await this.cell(index);
    await cell.locator('.cm-content').first().click();
    await this.page.keyboard.press('Control+Enter');
  }

  /** Runs one cell with Ctrl-Enter and waits for its end. */
  async run(index: number): Promise<void> {
    const ended = await this.endOf('notebook:run-cell');
    await this.start(index);
    await ended();
  }

  /** Resolves when the kernel has nothing to do. */
  async idle(): Promise<void> {
    await this.page.waitForFunction(
      `(() => {
        const { content, sessionContext } = jupyterapp.shell.currentWidget;
        return sessionContext.session.kernel.status === 'idle' &&
          content.widgets.every((cell) => (cell.model.executionState ?? 'idle') === 'idle');
      })()`,
      undefined,
      { timeout: LONGEST_RUN_MS },
    );
  }

  /** All cells, as JupyterLab would save them. */
  async cells(): Promise<Cell[]> {
    return this.page.evaluate<
      Cell[]
    >(`jupyterapp.shell.currentWidget.content.widgets.map(({ model, outputHidden }, index) => ({
      index,
      type: model.type,
      source: model.sharedModel.getSource(),
      executionCount: model.executionCount ?? null,
      trusted: model.trusted,
      folded: outputHidden ?? false,
      outputs: model.outputs?.toJSON() ?? [],
    }))`);
  }

  /** What the cells say went wrong: error outputs and text on stderr, with the cell's index. */
  async errors(): Promise<string[]> {
    return (await this.cells()).flatMap(({ index, outputs }) =>
      outputs.flatMap((output) => {
        if (output.output_type === 'error') return [`cell ${index}: ${output.ename}: ${output.evalue}`];
        return output.name === 'stderr' ? [`cell ${index}: ${output.text}`] : [];
      }),
    );
  }

  /** View → Expand All Outputs. */
  async unfold(): Promise<void> {
    await this.menu('View', /^Expand All Outputs$/);
  }

  /**
   * Scrolls through the notebook and looks at each figure that is not folded away: a Plotly plot must have drawn each
   * of its traces.
   *
   * @returns one line for each figure that is not drawn as it should
   */
  async figuresNotDrawn(): Promise<string[]> {
    const faults: string[] = [];
    for (const { index, outputs, folded } of await this.cells()) {
      const figures = folded ? [] : outputs.filter(({ data }) => data && PLOTLY in data);
      if (figures.length === 0) continue;
      const cell = await this.cell(index);
      const plots = cell.locator('.js-plotly-plot');
      for (const [n, figure] of figures.entries()) {
        const place = `cell ${index}, figure ${n + 1}`;
        const plot = plots.nth(n);
        const isThere = await plot
          .locator('.main-svg')
          .first()
          .waitFor()
          .then(() => true)
          .catch(() => false);
        if (!isThere) {
          faults.push(`${place}: no plot`);
          continue;
        }
        const traces = (figure.data?.[PLOTLY] as { data: unknown[] }).data.length;
        const drawn = await this.tracesDrawn(plot, traces);
        if (drawn < traces) faults.push(`${place}: ${drawn} of ${traces} traces drawn`);
      }
    }
    return faults;
  }

  /** How many traces have something to see, waiting for `expected` a while: Plotly draws in steps. */
  async tracesDrawn(plot: Locator, expected: number): Promise<number> {
    const count = () => plot.locator('.trace, .hm image, .imagelayer image').count();
    for (let tries = 0; tries < 50 && (await count()) < expected; tries++)
      await this.page.waitForTimeout(100);
    return count();
  }

  /** A cell by its index over all cells, scrolled into view (JupyterLab draws only what is near). */
  async cell(index: number): Promise<Locator> {
    await this.page.evaluate(`(async () => {
      const { content } = jupyterapp.shell.currentWidget;
      content.activeCellIndex = ${index};
      await content.scrollToItem(${index}, 'center', 0);
    })()`);
    // Only what is drawn is in the page, so a cell is found by its widget's node.
    await this.page.evaluate(`(() => {
      const { widgets } = jupyterapp.shell.currentWidget.content;
      for (const cell of widgets) cell.node.removeAttribute('data-test-cell');
      widgets[${index}].node.setAttribute('data-test-cell', '${index}');
    })()`);
    const cell = this.page.locator(`[data-test-cell="${index}"]`);
    await cell.waitFor({ state: 'attached' });
    return cell;
  }

  /** Saves with Ctrl-S and gives the file's text. */
  async save(): Promise<void> {
    const ended = await this.endOf('docmanager:save');
    await this.menu('File', /^Save Notebook$/);
    await ended();
  }

  /** Runs one of JupyterLab's commands, where the way a person would do it is not what is tested. */
  async command(id: string, args: Readonly<Record<string, unknown>> = {}): Promise<void> {
    await this.page.evaluate(
      `jupyterapp.commands.execute(${JSON.stringify(id)}, ${JSON.stringify(args)}).then(() => {})`,
    );
  }

  /** Closes the page and ends the notebook's kernel. */
  async close(): Promise<void> {
    this.closed();
    const sessions = (await this.server.request('api/sessions')) as { id: string; path: string }[];
    await this.page.context().close();
    for (const { id, path } of sessions) {
      if (path === this.path) await this.server.request(`api/sessions/${id}`, { method: 'DELETE' });
    }
  }

  /** Begins to listen for a command that is about to be chosen. @returns a function that waits for its end */
  private async endOf(command: string): Promise<() => Promise<void>> {
    const handle = await this.page.evaluateHandle(`({
      ended: new Promise((done, fail) => {
        const { commands } = jupyterapp;
        const listen = (_, { id, result }) => {
          if (id !== ${JSON.stringify(command)}) return;
          commands.commandExecuted.disconnect(listen);
          result.then(done, fail);
        };
        commands.commandExecuted.connect(listen);
      }).then(() => undefined),
    })`);
    return async () => {
      const patience = new AbortController();
      const late = sleep(LONGEST_RUN_MS, undefined, { signal: patience.signal }).then(() => {
        throw new Error(`${command} did not end`);
      });
      const end = handle.evaluate((listener) => (listener as { ended: Promise<void> }).ended);
      await Promise.race([end, late]).finally(() => patience.abort());
      await handle.dispose();
      await this.idle();
    };
  }
}
