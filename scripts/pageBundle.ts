/** How esbuild bundles what runs in a page: the widgets, and `convlab/browser`. */
export const PAGE_BUNDLE = {
  bundle: true,
  minify: true,
  platform: 'browser',
  target: 'es2022',
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'warning',
  write: false,
} as const;
