/** A cell as students get it: its solution replaced by the stub, its hidden tests taken out. */
import { parseCell } from './names';
import { withoutRegions, withStubs } from './regions';
import { asError, type SourceCell } from './source';

/** @throws AssignmentError when the stub is not TypeScript */
export function handedOutSource({ type, role, source, where }: SourceCell): string {
  if (role === 'tests') return withoutRegions(source, 'HIDDEN TESTS');
  if (role !== 'solution' && role !== 'manual') return source;
  const stub = withStubs({ type, source });
  if (type === 'code') {
    asError(`${where}: its stub (say what stands there instead in lines // STUB: …) `, () => parseCell(stub));
  }
  return stub;
}
