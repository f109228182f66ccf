/**
 * A cell as a script. Cells share one global scope and may declare a name again, as they may in the notebook: so what a
 * cell declares at its top level becomes a `var` or a function, and its imports become calls.
 */
import ts from 'typescript';
import { importedBindings } from './syntax';

/** Types are not checked: a wrong one is no wrong answer. @throws RangeError for a cell nested too deeply */
export function scriptOf(source: string): string {
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      // An import that this cell does not use may be used by a later one.
      verbatimModuleSyntax: true,
    },
    transformers: { after: [topLevelAsScript] },
  });
  return `"use strict";\n${outputText}`;
}

const topLevelAsScript: ts.TransformerFactory<ts.SourceFile> = ({ factory }) => {
  const variable = (name: string | ts.BindingName, value: ts.Expression): ts.Statement =>
    factory.createVariableStatement(
      undefined,
      factory.createVariableDeclarationList([
        factory.createVariableDeclaration(name, undefined, undefined, value),
      ]),
    );
  const withoutExport = (modifiers?: readonly ts.ModifierLike[]): ts.ModifierLike[] =>
    (modifiers ?? []).filter(
      ({ kind }) => kind !== ts.SyntaxKind.ExportKeyword && kind !== ts.SyntaxKind.DefaultKeyword,
    );

  const converted = (statement: ts.Statement): ts.Statement[] => {
    // Solutions are functions: what waits for something only shows it.
    if (waits(statement)) return [];
    if (ts.isImportDeclaration(statement)) {
      return importedBindings(statement).map(({ module, name, local }) => {
        const imported = factory.createCallExpression(factory.createIdentifier('__import'), undefined, [
          factory.createStringLiteral(module),
        ]);
        const value = name === '*' ? imported : factory.createPropertyAccessExpression(imported, name);
        return variable(local, value);
      });
    }
    if (ts.isExportDeclaration(statement) || ts.isExportAssignment(statement)) return [];
    if (ts.isVariableStatement(statement)) {
      return [
        factory.createVariableStatement(
          undefined,
          factory.createVariableDeclarationList(statement.declarationList.declarations),
        ),
      ];
    }
    if (ts.isFunctionDeclaration(statement)) {
      const { modifiers, asteriskToken, name, parameters, body } = statement;
      if (name === undefined) return [];
      const kept = withoutExport(modifiers);
      return [
        factory.createFunctionDeclaration(kept, asteriskToken, name, undefined, parameters, undefined, body),
      ];
    }
    if (ts.isClassDeclaration(statement) && statement.name) {
      const { name, heritageClauses, members } = statement;
      return [
        variable(
          name.text,
          factory.createClassExpression(undefined, name, undefined, heritageClauses, members),
        ),
      ];
    }
    return [statement];
  };
  return (file) => factory.updateSourceFile(file, file.statements.flatMap(converted));
};

/** Whether a statement of the top level awaits something there. */
function waits(statement: ts.Statement): boolean {
  const left: ts.Node[] = [statement];
  for (let node = left.pop(); node; node = left.pop()) {
    if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier)) return true;
    if (!ts.isFunctionLike(node)) ts.forEachChild(node, (child) => void left.push(child));
  }
  return false;
}
