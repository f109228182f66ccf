/** Whether the pages are valid HTML (html-validate). */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { FileSystemConfigLoader, HtmlValidate } from 'html-validate';

/** The site's own pages; TypeDoc's are its matter. @returns what is wrong, a line each */
export async function invalidHtml(site: string): Promise<string[]> {
  const loader = new FileSystemConfigLoader({
    root: true,
    extends: ['html-validate:standard'],
    rules: {
      // KaTeX places what it draws by styles.
      'no-inline-style': 'off',
      // A page's title ends with the site's name.
      'long-title': 'off',
      // As Nunjucks, markdown-it and KaTeX write.
      'no-trailing-whitespace': 'off',
      'void-style': 'off',
      // The standard lets `>` stand in text, and code is full of them.
      'no-raw-characters': 'off',
      'attr-quotes': 'off',
      'tel-non-breaking': 'off',
    },
  });
  const validator = new HtmlValidate(loader);
  const pages = readdirSync(site).filter((name) => name.endsWith('.html'));
  const reports = await Promise.all(pages.map((name) => validator.validateFile(join(site, name))));
  return reports.flatMap(({ results }, i) =>
    results.flatMap(({ messages }) =>
      messages.map(({ line, message, ruleId }) => `${pages[i]}:${line}: ${message} (${ruleId})`),
    ),
  );
}
