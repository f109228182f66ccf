/**
 * `--param epochs=2`: TypeScript that overrides a declaration of the cell tagged `parameters`. Names and types are
 * checked against that cell's declarations with the TypeScript parser before any kernel starts.
 */
import ts from 'typescript';
import { z } from 'zod';
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
    throw new UsageError(
      `${names}: the cell of ${notebook.path} tagged parameters has another tag that skips it, so it declares nothing`,
    );
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
          `--param ${name} is '${text}', expected ${declaration.type.description} as ${notebook.path} declares it`,
        );
      }
      return `${declaration.keyword} ${name}${declaration.annotation} = ${value};`;
    })
    .join('\n');
}

/** The variables that the notebook's cells tagged `parameters` declare, with the text of their initial values. */
export function declaredValues(notebook: Notebook): ReadonlyMap<string, string> {
  const cells = notebook.cells.filter((cell) => cell.tags.has('parameters'));
  const declared = cells.flatMap((cell) => [...declarations(cell.source)]);
  return new Map(declared.map(([name, { initial }]) => [name, initial]));
}

interface Declaration {
  readonly keyword: 'let' | 'const' | 'var';
  /** The text of the type annotation, `: number[]`; '' if there is none. */
  readonly annotation: string;
  /** The text of the initial value; '' if there is none. */
  readonly initial: string;
  /** Described as the error message says it. */
  readonly type: z.ZodType;
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
        initial: initializer?.getText(file) ?? '',
        type: type ? annotated(type) : initializer ? inferred(initializer) : JSON_VALUE,
      });
    }
  }
  return found;
}

const NUMBER = z.number().describe('a number');
const STRING = z.string().describe('a string');
const BOOLEAN = z.boolean().describe('a boolean');
/** What a command line cannot express any closer: the kernel's type check decides. */
const JSON_VALUE = z.json().describe('JSON');

const listOf = (item: z.ZodType) => z.array(item).describe(`a JSON list, each item ${item.description}`);

function annotated(node: ts.TypeNode): z.ZodType {
  if (ts.isParenthesizedTypeNode(node) || ts.isTypeOperatorNode(node)) return annotated(node.type);
  if (ts.isArrayTypeNode(node)) return listOf(annotated(node.elementType));
  if (ts.isUnionTypeNode(node)) {
    const members = node.types.map(annotated);
    return z.union(members).describe(members.map(({ description }) => description).join(' or '));
  }
  if (ts.isLiteralTypeNode(node)) {
    const value = literal(node.literal);
    return value === undefined ? JSON_VALUE : z.literal(value).describe(JSON.stringify(value));
  }
  return KEYWORDS.get(node.kind) ?? JSON_VALUE;
}

const KEYWORDS: ReadonlyMap<ts.SyntaxKind, z.ZodType> = new Map<ts.SyntaxKind, z.ZodType>([
  [ts.SyntaxKind.NumberKeyword, NUMBER],
  [ts.SyntaxKind.StringKeyword, STRING],
  [ts.SyntaxKind.BooleanKeyword, BOOLEAN],
]);

/** The type of an initial value, widened as for `let`: `const epochs = 5` is a number that --param may change. */
function inferred(node: ts.Expression): z.ZodType {
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node)) {
    return inferred(node.expression);
  }
  if (ts.isArrayLiteralExpression(node)) {
    return listOf(node.elements.length > 0 ? inferred(node.elements[0]) : JSON_VALUE);
  }
  if (ts.isTemplateExpression(node)) return STRING;
  const value = literal(node);
  if (typeof value === 'number') return NUMBER;
  if (typeof value === 'string') return STRING;
  return typeof value === 'boolean' ? BOOLEAN : JSON_VALUE;
}

/** The value of a literal; undefined for any other node. */
function literal(node: ts.Node): number | string | boolean | null | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isNumericLiteral(node)) return Number(node.text);
  if (ts.isPrefixUnaryExpression(node) && ts.isNumericLiteral(node.operand)) {
    const value = Number(node.operand.text);
    return node.operator === ts.SyntaxKind.MinusToken ? -value : value;
  }
  if (node.kind === ts.SyntaxKind.TrueKeyword) return true;
  if (node.kind === ts.SyntaxKind.FalseKeyword) return false;
  return node.kind === ts.SyntaxKind.NullKeyword ? null : undefined;
}

/** The value as TypeScript, or undefined if the text is not of this type. Strings are taken literally. */
function valueOf(type: z.ZodType, text: string): string | undefined {
  if (type instanceof z.ZodUnion) {
    const members = type.options as z.ZodType[];
    return members.map((member) => valueOf(member, text)).find((value) => value !== undefined);
  }
  const isText = type === STRING || (type instanceof z.ZodLiteral && typeof type.value === 'string');
  const { success, data } = type.safeParse(isText ? text : parsed(text));
  if (!success) return undefined;
  // U+2028 and U+2029: allowed in JSON, but not in a string literal of older TypeScript.
  return JSON.stringify(data).replace(/[\u2028\u2029]/g, (mark) => `\\u${mark.charCodeAt(0).toString(16)}`);
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
