/**
 * A front end's questions about a cell that is being edited: completions, what a name means, whether it is complete.
 */
import { parseCell } from './cell';
import type { CellCompiler } from './compiler';
import { typescript, type ts } from './typescript';
import { textOf, type Content } from './wire';

/** Nobody scrolls through more, and a front end takes seconds to draw them. */
const MOST_MATCHES = 500;

export class Editor {
  constructor(private readonly compiler: () => CellCompiler) {}

  complete(request: Content): Content {
    const { source, offset, inCodePoints } = cursor(request);
    const { service, file, cell } = this.compiler().edit(source);
    const ts = typescript();
    const info = service.getCompletionsAtPosition(file, offset, {});
    const [start, end] = replacedAt(cell, offset, info?.optionalReplacementSpan);
    const typed = source.slice(start, offset);
    const entries = (info?.entries ?? [])
      .map((entry) => ({ entry, rank: rank(entry.name, typed) }))
      .filter(({ rank }) => rank < 3)
      .sort(
        (a, b) =>
          a.rank - b.rank ||
          a.entry.sortText.localeCompare(b.entry.sortText) ||
          a.entry.name.localeCompare(b.entry.name),
      )
      .slice(0, MOST_MATCHES);
    const places = { start: inCodePoints(start), end: inCodePoints(end) };
    return {
      status: 'ok',
      matches: entries.map(({ entry }) => entry.name),
      cursor_start: places.start,
      cursor_end: places.end,
      metadata: {
        // JupyterLab chooses the icon by this.
        _jupyter_types_experimental: entries.map(({ entry }) => ({
          ...places,
          text: entry.name,
          type: entry.kind === ts.ScriptElementKind.constElement ? 'const' : entry.kind,
        })),
      },
    };
  }

  inspect(request: Content): Content {
    const { source, offset } = cursor(request);
    const { service, file, cell } = this.compiler().edit(source);
    const at = this.#inspected(cell, offset);
    const info = at === undefined ? undefined : service.getQuickInfoAtPosition(file, at);
    if (!info || at === undefined) return { status: 'ok', found: false, data: {}, metadata: {} };
    const ts = typescript();
    const signature = ts
      .displayPartsToString(info.displayParts)
      // For an import, show what it imports.
      .replace(/^\(alias\) (\w+)(?=[(<])/, 'function $1')
      .replace(/^\(alias\) /, '')
      .replace(/\nimport .*$/, '');
    const comment = commentText(info) || this.#documentation(service, file, at);
    const text = comment === '' ? signature : `${signature}\n\n${comment}`;
    return { status: 'ok', found: true, data: { 'text/plain': text }, metadata: {} };
  }

  isComplete({ code }: Content): Content {
    const source = textOf(code);
    const { errors } = parseCell('cell.ts', source);
    if (errors.length === 0) return { status: 'complete' };
    // Something is missing at the end, and nothing before it is wrong.
    const end = source.trimEnd().length;
    const unfinished = errors.every(({ start, code }) => start >= end || UNTERMINATED.has(code));
    if (!unfinished) return { status: 'invalid' };
    const [indent] = /^[ \t]*/.exec(source.split('\n').at(-1) ?? '') ?? [''];
    return { status: 'incomplete', indent: /[{([]\s*$/.test(source) ? `${indent}  ` : indent };
  }

  /** The position of the name to inspect: at the cursor, or the function whose arguments the cursor is in. */
  #inspected(cell: ts.SourceFile, offset: number): number | undefined {
    const ts = typescript();
    const word = wordAt(cell, offset);
    if (word) return word.getStart(cell);
    // An unclosed argument list ends with the text.
    const call = innermost(
      cell,
      offset,
      (node): node is ts.CallExpression | ts.NewExpression =>
        (ts.isCallExpression(node) || ts.isNewExpression(node)) &&
        offset > node.expression.end &&
        (offset < node.end || !node.getText(cell).endsWith(')')),
    );
    if (!call) return undefined;
    const callee = call.expression;
    return ts.isPropertyAccessExpression(callee) ? callee.name.getStart(cell) : callee.getStart(cell);
  }

  /** The doc comment from a package's file: the compiler's copy has none. */
  #documentation(service: ts.LanguageService, file: string, at: number): string {
    const ts = typescript();
    for (const { fileName, textSpan } of service.getDefinitionAtPosition(file, at) ?? []) {
      const text = ts.sys.readFile(fileName);
      if (!text || !fileName.endsWith('.d.ts')) continue;
      const source = ts.createSourceFile(fileName, text, ts.ScriptTarget.Latest, true);
      const isAt = (token: ts.Node): token is ts.Node => token.end > textSpan.start;
      let node: ts.Node | undefined = innermost(source, textSpan.start, isAt);
      while (node && !ts.isSourceFile(node)) {
        const comments = (node as { jsDoc?: ts.JSDoc[] }).jsDoc;
        if (comments?.length) return docText(comments[comments.length - 1]);
        if (ts.isStatement(node) || ts.isClassElement(node) || ts.isTypeElement(node)) break;
        node = node.parent;
      }
    }
    return '';
  }
}

/** An unfinished comment, template, string or expression. */
const UNTERMINATED = new Set([1010, 1160, 1126]);

/** The protocol's positions count code points; TypeScript's count UTF-16 units. */
function cursor({ code, cursor_pos }: Content) {
  const source = textOf(code);
  const points = [...source];
  const position = typeof cursor_pos === 'number' ? Math.max(0, cursor_pos) : points.length;
  return {
    source,
    offset: points.slice(0, position).join('').length,
    inCodePoints: (offset: number) => [...source.slice(0, offset)].length,
  };
}

/** 0: begins with what was typed; 1: the same, ignoring case; 2: contains it; 3: does not contain it. */
function rank(name: string, typed: string): number {
  if (name.startsWith(typed)) return 0;
  const [lowerName, lowerTyped] = [name.toLowerCase(), typed.toLowerCase()];
  if (lowerName.startsWith(lowerTyped)) return 1;
  return lowerName.includes(lowerTyped) ? 2 : 3;
}

/**
 * What a completion takes the place of: the word at the cursor, with the `#` of a private one; within a string what
 * TypeScript says, or if it says nothing, as of paths, what is between two slashes.
 */
function replacedAt(
  cell: ts.SourceFile,
  offset: number,
  known: ts.TextSpan | undefined,
): readonly [start: number, end: number] {
  const isAt = (node: ts.Node): node is ts.StringLiteralLike =>
    typescript().isStringLiteralLike(node) &&
    node.getStart(cell) < offset &&
    (offset < node.end || node.isUnterminated === true);
  const isInString = innermost(cell, offset, isAt) !== undefined;
  if (isInString && known) return [known.start, known.start + known.length];
  const [before, after] = isInString
    ? [/[^/'"`]*$/, /^[^/'"`\n]*/]
    : [/#?[\p{ID_Continue}$]*$/u, /^[\p{ID_Continue}$]*/u];
  const length = (part: RegExp, text: string) => part.exec(text)?.[0].length ?? 0;
  return [
    offset - length(before, cell.text.slice(0, offset)),
    offset + length(after, cell.text.slice(offset)),
  ];
}

/** The name at the cursor, or just before it. */
function wordAt(cell: ts.SourceFile, offset: number): ts.Identifier | undefined {
  const ts = typescript();
  return innermost(
    cell,
    offset,
    (node): node is ts.Identifier =>
      ts.isIdentifier(node) && node.getStart(cell) <= offset && node.end > node.getStart(cell),
  );
}

/** The last and deepest of the nodes around a position that fits. */
function innermost<Node extends ts.Node>(
  source: ts.SourceFile,
  position: number,
  fits: (node: ts.Node) => node is Node,
): Node | undefined {
  let found: Node | undefined;
  const visit = (node: ts.Node): void => {
    if (node.getFullStart() > position || node.end < position) return;
    if (fits(node)) found = node;
    typescript().forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function commentText({ documentation, tags }: ts.QuickInfo): string {
  const ts = typescript();
  const told = (tags ?? []).map(({ name, text }) => `@${name} ${ts.displayPartsToString(text)}`.trim());
  return [ts.displayPartsToString(documentation), ...told].filter(Boolean).join('\n');
}

function docText({ comment, tags }: ts.JSDoc): string {
  const ts = typescript();
  const told = (tags ?? []).map((tag) =>
    tag
      .getText()
      .replace(/\n[ \t]*\*?[ \t]?/g, '\n')
      .trim(),
  );
  return [ts.getTextOfJSDocComment(comment) ?? '', ...told].filter(Boolean).join('\n');
}
