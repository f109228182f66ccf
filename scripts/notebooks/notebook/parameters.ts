/**
 * `--param epochs=2`: TypeScript that overrides a declaration of the cell tagged `parameters`. Names and types are
 * checked against that cell's declarations with the TypeScript parser before any kernel starts.
 */
import ts from 'typescript';
import { UsageError } from '../../commandLine';
import type { Notebook } from './notebook';

/** The code to run after the cell tagged `parameters`. @throws UsageError */
export function injectedCode(notebook: Notebook, given: ReadonlyMap<string, string>): string {
  const cells = notebook.cells.filter((cell) => cell.tags.has('parameters'));
  const names = [...given.keys()].map((name) => `--param ${name}`).join(', ');
  if (cells.length === 0) throw new UsageError(`${names}: ${notebook.path} has no cell tagged parameters`);
  if (cells.length > 1) {
    throw new UsageError(
      `${names}: ${notebook.path} has ${cells.length} cells tagged parameters, expected one`,
    );
  }
  const [cell] = cells;
  if (cell.tags.has('skip-execution')) {
    throw new UsageError(`${names}: the cell of ${notebook.path} tagged parameters is skipped`);
  }
  const declared = declarations(cell.source);
  return [...given]
    .map(([name, text]) => {
      const declaration = declared.get(name);
      if (!declaration) {
        const known = [...declared.keys()].join(', ') || 'nothing';
        throw new UsageError(`--param ${name}: ${notebook.path} declares ${known} in its parameters cell`);
      }
      const value = valueOf(declaration.type, text);
      if (value === undefined) {
        throw new UsageError(
          `--param ${name} is '${text}', expected ${describe(declaration.type)} as ${notebook.path} declares it`,
        );
      }
      return `${declaration.keyword} ${name}${declaration.annotation} = ${value};`;
    })
    .join('\n');
}

/** The variables that the notebook's cells tagged `parameters` declare. */
export function declaredNames(notebook: Notebook): ReadonlySet<string> {
  const cells = notebook.cells.filter((cell) => cell.tags.has('parameters'));
  return new Set(cells.flatMap((cell) => [...declarations(cell.source).keys()]));
}

/** The types that a parameter may have, as far as a command line can express them. */
type Type =
  | { readonly is: 'number' | 'string' | 'boolean' }
  | { readonly is: 'literal'; readonly value: number | string | boolean | null }
  | { readonly is: 'array'; readonly of: Type }
  | { readonly is: 'union'; readonly of: readonly Type[] }
  /** Any JSON; the kernel's type check decides. */
  | { readonly is: 'json' };

interface Declaration {
  readonly keyword: 'let' | 'const' | 'var';
  /** The text of the type annotation, `: number[]`; '' if there is none. */
  readonly annotation: string;
  readonly type: Type;
}

/** The variables that a cell declares at its top level. */
function declarations(source: string): ReadonlyMap<string, Declaration> {
  const file = ts.createSourceFile('cell.ts', source, ts.ScriptTarget.ES2022, true);
  const found = new Map<string, Declaration>();
  for (const statement of file.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    const { flags } = statement.declarationList;
    const keyword = flags & ts.NodeFlags.Const ? 'const' : flags & ts.NodeFlags.Let ? 'let' : 'var';
    for (const { name, type, initializer } of statement.declarationList.declarations) {
      if (!ts.isIdentifier(name)) continue;
      found.set(name.text, {
        keyword,
        annotation: type ? `: ${type.getText(file)}` : '',
        type: type ? annotated(type) : initializer ? inferred(initializer) : { is: 'json' },
      });
    }
  }
  return found;
}

function annotated(node: ts.TypeNode): Type {
  if (ts.isParenthesizedTypeNode(node)) return annotated(node.type);
  if (ts.isUnionTypeNode(node)) return { is: 'union', of: node.types.map(annotated) };
  if (ts.isArrayTypeNode(node)) return { is: 'array', of: annotated(node.elementType) };
  if (ts.isTypeOperatorNode(node)) return annotated(node.type);
  if (ts.isLiteralTypeNode(node)) return literal(node.literal) ?? { is: 'json' };
  return { is: KEYWORDS.get(node.kind) ?? 'json' };
}

const KEYWORDS: ReadonlyMap<ts.SyntaxKind, 'number' | 'string' | 'boolean'> = new Map([
  [ts.SyntaxKind.NumberKeyword, 'number'],
  [ts.SyntaxKind.StringKeyword, 'string'],
  [ts.SyntaxKind.BooleanKeyword, 'boolean'],
]);

/** The type of an initial value, widened as for `let`: `const epochs = 5` is a number that --param may change. */
function inferred(node: ts.Expression): Type {
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node)) {
    return inferred(node.expression);
  }
  if (ts.isArrayLiteralExpression(node)) {
    const [first] = node.elements;
    return { is: 'array', of: first ? inferred(first) : { is: 'json' } };
  }
  if (ts.isTemplateExpression(node)) return { is: 'string' };
  if (ts.isBinaryExpression(node)) return { is: 'json' };
  const value = literal(node);
  if (value?.is !== 'literal' || value.value === null) return { is: 'json' };
  return { is: typeof value.value as 'number' | 'string' | 'boolean' };
}

function literal(node: ts.Node): Type | undefined {
  if (ts.isStringLiteralLike(node)) return { is: 'literal', value: node.text };
  if (ts.isNumericLiteral(node)) return { is: 'literal', value: Number(node.text) };
  if (ts.isPrefixUnaryExpression(node) && ts.isNumericLiteral(node.operand)) {
    const value = Number(node.operand.text);
    return { is: 'literal', value: node.operator === ts.SyntaxKind.MinusToken ? -value : value };
  }
  if (node.kind === ts.SyntaxKind.TrueKeyword) return { is: 'literal', value: true };
  if (node.kind === ts.SyntaxKind.FalseKeyword) return { is: 'literal', value: false };
  if (node.kind === ts.SyntaxKind.NullKeyword) return { is: 'literal', value: null };
  return undefined;
}

/** The value as TypeScript, or undefined if the text is not of this type. Strings are taken literally. */
function valueOf(type: Type, text: string): string | undefined {
  if (type.is === 'union') {
    return type.of.map((member) => valueOf(member, text)).find((value) => value !== undefined);
  }
  const isString = type.is === 'string' || (type.is === 'literal' && typeof type.value === 'string');
  const value = isString ? text : parsed(text);
  if (!fits(type, value)) return undefined;
  // U+2028 and U+2029: allowed in JSON, but not in a string literal of older TypeScript.
  return JSON.stringify(value).replace(/[\u2028\u2029]/g, (mark) => `\\u${mark.charCodeAt(0).toString(16)}`);
}

/** JSON, and TypeScript's further notations for numbers (`.5`, `0x10`, `1e-3`, `1_000`). */
function parsed(text: string): unknown {
  const trimmed = text.trim();
  try {
    return JSON.parse(trimmed, (_, value: unknown) => {
      // `1e400` is parsed as Infinity, which would be written as null.
      if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError('too large a number');
      return value;
    }) as unknown;
  } catch {
    const number = Number(trimmed.replace(/(?<=\d)_(?=\d)/g, ''));
    return trimmed !== '' && Number.isFinite(number) ? number : undefined;
  }
}

function fits(type: Type, value: unknown): boolean {
  switch (type.is) {
    case 'number':
      return typeof value === 'number';
    case 'string':
      return typeof value === 'string';
    case 'boolean':
      return typeof value === 'boolean';
    case 'literal':
      return value === type.value;
    case 'array':
      return Array.isArray(value) && value.every((item) => fits(type.of, item));
    case 'union':
      return type.of.some((member) => fits(member, value));
    case 'json':
      return value !== undefined;
  }
}

function describe(type: Type): string {
  switch (type.is) {
    case 'literal':
      return JSON.stringify(type.value);
    case 'array':
      return `a JSON list, each item ${describe(type.of)}`;
    case 'union':
      return type.of.map(describe).join(' or ');
    case 'json':
      return 'JSON';
    case 'number':
    case 'string':
    case 'boolean':
      return `a ${type.is}`;
  }
}
