/**
 * TypeScript's side of the engine's kernels, made from the AssemblyScript: the signature of every exported function, the
 * fields of every record that the plan lays down in memory, in their order, and the numbers that stand for something. A
 * call or a record that does not fit the kernels is then an error of the compiler.
 *
 * asc's own bindings (`--bindings`) are not enough: they know no records, and would make every pointer the same type.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as ts from 'typescript';

/** AssemblyScript's 32-bit types, which a record may hold: it is laid down as a list of 32-bit words. */
const WORDS = ['i32', 'u32', 'usize'];
const NUMBERS = [...WORDS, 'f32', 'f64'];

interface Source {
  readonly name: string;
  readonly file: ts.SourceFile;
}

/**
 * @param root path of the AssemblyScript module whose exports are the kernels
 * @param interfaceName of the kernels
 * @throws Error naming the function or field whose type cannot cross the border
 */
export function kernelTypes(root: string, interfaceName: string): string {
  const sources = readSources(root);
  const records = sources.flatMap(({ file }) => file.statements.filter(isRecord));
  const kernels = sources.flatMap((source) => exportedFunctions(source, sources[0]));
  const constants = sources.flatMap((source) => constantsOf(source));
  const used = NUMBERS.filter((type) =>
    [...kernels, ...records].some((node) => new RegExp(`\\b${type}\\b`).test(node.getText())),
  );
  const parts = [
    `/** Made by \`npm run build\` from \`assembly/\` (scripts/kernelTypes.ts), and not to be edited. */`,
    used.map((type) => `type ${type} = number;`).join('\n'),
  ];
  if (records.length > 0) {
    const names = records.map(({ name }) => (name as ts.Identifier).text);
    parts.push(
      `/** Where a record was laid down: a number, but not any number. */\nexport type RecordAddress<Name extends keyof Records> = number & { readonly record: Name };`,
      ...records.map(recordInterface),
      `export interface Records {\n${names.map((name) => `  readonly ${name}: ${name};`).join('\n')}\n}`,
      `/** The fields of each record in the order in which they are laid down, 32 bits each. */\nexport const FIELDS: { readonly [Name in keyof Records]: readonly (keyof Records[Name])[] } = {\n${records
        .map(
          (record) =>
            `  ${(record.name as ts.Identifier).text}: [${fieldsOf(record)
              .map(({ name }) => `'${name.getText()}'`)
              .join(', ')}],`,
        )
        .join('\n')}\n};`,
    );
  }
  parts.push(...constants);
  const recordNames = records.map(({ name }) => (name as ts.Identifier).text);
  const members = kernels.map((kernel) => `${docOf(kernel)}${signature(kernel, recordNames)}`);
  parts.push(`export interface ${interfaceName} {\n${members.join('\n')}\n}`);
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** The module and all that it takes its exports or types from, itself first. */
function readSources(root: string): Source[] {
  const found = new Map<string, Source>();
  const read = (path: string): void => {
    if (found.has(path)) return;
    const text = readFileSync(path, 'utf8');
    const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
    found.set(path, { name: /([^/\\]+)\.ts$/.exec(path)?.[1] ?? path, file });
    for (const statement of file.statements) {
      if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) continue;
      const from = statement.moduleSpecifier as ts.StringLiteral | undefined;
      if (from) read(`${join(dirname(path), from.text)}.ts`);
    }
  };
  read(root);
  return [...found.values()];
}

/** A class with fields only, which the kernels read from memory. */
function isRecord(node: ts.Statement): node is ts.ClassDeclaration {
  return ts.isClassDeclaration(node) && node.name !== undefined;
}

function fieldsOf(record: ts.ClassDeclaration): readonly ts.PropertyDeclaration[] {
  return record.members.map((member) => {
    const type = ts.isPropertyDeclaration(member) ? member.type?.getText() : undefined;
    if (!ts.isPropertyDeclaration(member) || type === undefined || !WORDS.includes(type)) {
      throw new Error(`kernelTypes: ${record.name?.text} has '${member.getText()}', expected a 32-bit field`);
    }
    return member;
  });
}

function recordInterface(record: ts.ClassDeclaration): string {
  const fields = fieldsOf(record).map(
    (field) => `${docOf(field)}  readonly ${field.name.getText()}: ${field.type?.getText()};`,
  );
  return `interface ${record.name?.text} {\n${fields.join('\n')}\n}`;
}

/** The functions of a module that the root exports, in their order. */
function exportedFunctions(source: Source, root: Source): ts.FunctionDeclaration[] {
  const exported = root.file.statements.flatMap((statement) => {
    const clause = ts.isExportDeclaration(statement) ? statement.exportClause : undefined;
    return clause && ts.isNamedExports(clause) ? clause.elements.map(({ name }) => name.text) : [];
  });
  return source.file.statements.filter((statement): statement is ts.FunctionDeclaration => {
    if (!ts.isFunctionDeclaration(statement) || statement.name === undefined || !isExported(statement))
      return false;
    return source === root || exported.includes(statement.name.text);
  });
}

function isExported(node: ts.FunctionDeclaration | ts.VariableStatement): boolean {
  return node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
}

function signature(kernel: ts.FunctionDeclaration, records: readonly string[]): string {
  const name = kernel.name?.text;
  const typed = (type: string): string => {
    if (records.includes(type)) return `RecordAddress<'${type}'>`;
    if (NUMBERS.includes(type)) return type;
    throw new Error(`kernelTypes: ${name} has the type ${type}, expected a number or a record`);
  };
  const parameters = kernel.parameters.map(
    (parameter) => `${parameter.name.getText()}: ${typed(parameter.type?.getText() ?? '')}`,
  );
  const result = kernel.type?.getText() ?? '';
  const end = `=> ${result === 'void' ? result : typed(result)};`;
  const line = `  readonly ${name}: (${parameters.join(', ')}) ${end}`;
  return line.length <= 120 ? line : `  readonly ${name}: (\n    ${parameters.join(', ')},\n  ) ${end}`;
}

/** Exported whole numbers, under the name of their module: `ACTIVATION.RELU`. */
function constantsOf({ name, file }: Source): string[] {
  const entries = file.statements
    .filter((statement) => ts.isVariableStatement(statement) && isExported(statement))
    .flatMap((statement) => [...(statement as ts.VariableStatement).declarationList.declarations])
    .map(({ name: own, initializer }) => `${own.getText()}: ${initializer?.getText()}`);
  return entries.length > 0
    ? [`export const ${name.toUpperCase()} = { ${entries.join(', ')} } as const;`]
    : [];
}

function docOf(node: ts.Node): string {
  const [doc] = ts.getJSDocCommentsAndTags(node);
  return doc ? `  ${doc.getText().replace(/\n */g, '\n   ')}\n` : '';
}
