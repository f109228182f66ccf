/**
 * Gathers what a kernel publishes into the outputs of the cells it belongs to, as a notebook front end would: chunks of
 * a stream are joined, and displays are updated in place, whichever cell they are in.
 */
import { joinedBundle } from '../notebook/nbformat';
import type { Output, StreamOutput } from '../result';
import type { Message } from '../../kernel/wire';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Outputs of one cell while they come in. */
export class CellOutputs {
  readonly #outputs: Output[] = [];
  /** Chunks of the last stream: joining each time would be quadratic. */
  #chunks: string[] = [];
  #clearNext = false;
  bytes = 0;

  get all(): readonly Output[] {
    this.#join();
    const all: Output[] = [];
    for (const output of this.#outputs) {
      // Jupyter cannot delete an output: a progress line that is to vanish is replaced by an empty bundle.
      if (output.output_type === 'display_data' && Object.keys(output.data).length === 0) continue;
      const last = all.at(-1);
      if (output.output_type !== 'stream') all.push(output);
      else if (last?.output_type !== 'stream' || last.name !== output.name) all.push(output);
      else all[all.length - 1] = { ...last, text: last.text + output.text };
    }
    // Only now: the halves of a pair may have come in two chunks.
    return all.map((output) =>
      output.output_type === 'stream' ? { ...output, text: wellFormed(output.text) } : output,
    );
  }

  /** Everything on one stream, joined. */
  text(name: 'stdout' | 'stderr'): string {
    return this.all
      .filter((output): output is StreamOutput => output.output_type === 'stream' && output.name === name)
      .map((output) => output.text)
      .join('');
  }

  addText(name: StreamOutput['name'], text: string): void {
    this.#clearIfAsked();
    const last = this.#outputs.at(-1);
    if (last?.output_type !== 'stream' || last.name !== name) {
      this.#join();
      this.#outputs.push({ output_type: 'stream', name, text: '' });
    }
    this.#chunks.push(text);
  }

  add(output: Output): void {
    this.#clearIfAsked();
    this.#join();
    this.#outputs.push(output);
  }

  replace(old: Output, fresh: Output): void {
    const at = this.#outputs.indexOf(old);
    if (at >= 0) this.#outputs[at] = fresh;
  }

  /** `wait`: only when the next output arrives, so that nothing flickers. */
  clear(wait: boolean): void {
    if (wait) {
      this.#clearNext = true;
      return;
    }
    this.#chunks = [];
    this.#outputs.length = 0;
  }

  #clearIfAsked(): void {
    if (!this.#clearNext) return;
    this.#clearNext = false;
    this.clear(false);
  }

  #join(): void {
    if (this.#chunks.length === 0) return;
    const last = this.#outputs.at(-1) as Mutable<StreamOutput>;
    last.text += this.#chunks.join('');
    this.#chunks = [];
  }
}

/** The outputs of a notebook's cells. */
export class OutputCollector {
  /** Where the displays with an id are: `update_display_data` changes all of them. */
  readonly #displays = new Map<string, { cell: CellOutputs; output: Output }[]>();

  /** Takes a published message that belongs to `cell`. */
  take({ header, content }: Pick<Message, 'header' | 'content'>, cell: CellOutputs): void {
    const type = header.msg_type;
    cell.bytes += contentSize(content);
    switch (type) {
      case 'stream':
        cell.addText(content.name === 'stderr' ? 'stderr' : 'stdout', String(content.text));
        break;
      case 'display_data':
      case 'execute_result': {
        const output: Output = {
          output_type: type,
          data: wellFormed(joinedBundle(object(content.data))),
          metadata: wellFormed(object(content.metadata)),
          ...(type === 'execute_result'
            ? {
                execution_count: typeof content.execution_count === 'number' ? content.execution_count : null,
              }
            : {}),
        };
        cell.add(output);
        const id = object(content.transient).display_id;
        if (typeof id === 'string') {
          this.#displays.set(id, [...(this.#displays.get(id) ?? []), { cell, output }]);
        }
        break;
      }
      case 'update_display_data':
        this.#update(content);
        break;
      case 'error':
        cell.add(
          wellFormed({
            output_type: 'error',
            ename: String(content.ename),
            evalue: String(content.evalue),
            traceback: Array.isArray(content.traceback) ? content.traceback.map(String) : [],
          }),
        );
        break;
      case 'clear_output':
        cell.clear(content.wait === true);
        break;
      default:
        // status, execute_input, comm messages: nothing that is stored.
        break;
    }
  }

  #update(content: Message['content']): void {
    const id = object(content.transient).display_id;
    for (const place of (typeof id === 'string' && this.#displays.get(id)) || []) {
      const fresh = {
        ...place.output,
        data: wellFormed(joinedBundle(object(content.data))),
        metadata: wellFormed(object(content.metadata)),
      } as Output;
      place.cell.replace(place.output, fresh);
      place.output = fresh;
    }
  }
}

/**
 * JSON whose texts have no half surrogate: those have no place in UTF-8, and Python could not write the notebook again.
 */
function wellFormed<T>(value: T): T {
  if (typeof value === 'string') return value.replace(/\p{Cs}/gu, '\uFFFD') as T;
  if (Array.isArray(value)) return value.map((entry: unknown) => wellFormed(entry)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries: [string, unknown][] = Object.entries(value);
  return Object.fromEntries(entries.map(([key, entry]) => [wellFormed(key), wellFormed(entry)])) as T;
}

function object(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** Rough size in bytes, without serialising again: streams, errors and text bundles by their length. */
export function contentSize(content: Message['content']): number {
  if (typeof content.text === 'string') return content.text.length;
  if (Array.isArray(content.traceback)) {
    return [content.ename, content.evalue, ...(content.traceback as unknown[])].join('').length;
  }
  return Object.values(object(content.data)).reduce<number>(
    (sum, value) => sum + (typeof value === 'string' ? value.length : JSON.stringify(value).length),
    0,
  );
}
