/**
 * The gradebook's file. Every change is one transaction, so that whatever ends the program leaves the file whole.
 *
 * The driver is libsql: its native code comes as npm packages, for Node 20 to 24, without a compiler or another download
 * (better-sqlite3 fetches its own from GitHub; node-sqlite3-wasm stays locked for good after a SIGKILL; sql.js holds the
 * whole file in memory). `node:sqlite` will do once Node 22 is the oldest.
 */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'libsql';
import type { Row } from './rows';
import { MIGRATIONS, SCHEMA, SCHEMA_VERSION } from './schema';

/** What is wrong with the gradebook or a file written from it. The message names the file. */
export class GradebookError extends Error {}

export class GradebookFile {
  readonly #database: Database.Database;

  /**
   * Opens the file, or creates it. One of an earlier version is brought up to this one.
   *
   * @throws GradebookError if it cannot be opened, is no gradebook, or was written by a later version
   */
  constructor(readonly name: string) {
    this.#database = this.#named(() => {
      mkdirSync(dirname(name), { recursive: true });
      // Another run's transaction takes milliseconds.
      return new Database(name, { timeout: 10_000 });
    });
    // A write-ahead log is whole after any crash and loses nothing when only the program is killed. Without it, every
    // submission waits three times for the disk.
    this.#named(() => this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL'));
    this.transaction(() => {
      const version = Number(this.all('PRAGMA user_version')[0].user_version);
      if (version === SCHEMA_VERSION) return;
      const isEmpty = this.all('SELECT name FROM sqlite_master').length === 0;
      if (version > SCHEMA_VERSION || (version === 0 && !isEmpty)) {
        throw new Error(`it is not a gradebook of this version (${SCHEMA_VERSION})`);
      }
      if (isEmpty) this.#database.exec(SCHEMA);
      else for (let from = version; from < SCHEMA_VERSION; from++) this.#database.exec(MIGRATIONS[from]);
      this.#database.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
    });
  }

  close(): void {
    this.#database.close();
  }

  all(sql: string, ...values: readonly (string | number | null)[]): Row[] {
    return this.#named(() => this.#database.prepare(sql).all(...values) as Row[]);
  }

  run(sql: string, ...values: readonly (string | number | null)[]): void {
    // SQLite's texts end at a NUL, which only a hostile submission contains.
    const written = values.map((value) =>
      typeof value === 'string' ? value.replaceAll('\0', '\ufffd') : value,
    );
    this.#database.prepare(sql).run(...written);
  }

  /** All of `work` or nothing. */
  transaction(work: () => void): void {
    this.#named(() => {
      this.#database.exec('BEGIN IMMEDIATE');
      try {
        work();
        this.#database.exec('COMMIT');
      } catch (error) {
        // SQLite itself rolls back when the disk is full.
        if (this.#database.inTransaction) this.#database.exec('ROLLBACK');
        throw error;
      }
    });
  }

  /** Errors of the driver do not say which file they are about. */
  #named<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (error instanceof GradebookError) throw error;
      throw new GradebookError(`the gradebook ${this.name}: ${(error as Error).message}`, { cause: error });
    }
  }
}
