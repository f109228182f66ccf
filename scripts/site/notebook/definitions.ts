/** What a notebook defines above an exercise and its solution needs: it is known in the page too, where the cell is alone. */
import ts from 'typescript';
import { namesOf, parseCell } from '../../homework/assignment/names';

/**
 * @param solution a cell's code
 * @param above the code of the cells above it, in order
 * @returns the definitions as they stand there, each with those that it needs itself
 */
export function definitionsFor(solution: string, above: readonly string[]): string {
  const needed = new Set(namesOf(solution).needed);
  const definitions: string[] = [];
  for (const statement of above.flatMap(definitionsOf).reverse()) {
    if (![...needed].some((name) => statement.includes(name))) continue;
    const { declared, needed: alsoNeeded } = namesOf(statement);
    if (![...declared].some((name) => needed.has(name))) continue;
    definitions.unshift(statement);
    for (const name of declared) needed.delete(name);
    for (const name of alsoNeeded) needed.add(name);
  }
  return definitions.join('\n');
}

function definitionsOf(source: string): string[] {
  return parseCell(source)
    .statements.filter(
      (statement) => ts.isVariableStatement(statement) || ts.isFunctionDeclaration(statement),
    )
    .map((statement) => statement.getText());
}
