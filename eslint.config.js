// @ts-check
'use strict';
const eslint = require('@eslint/js');
const { config, configs } = require('typescript-eslint');

module.exports = config(
  // `assembly` is AssemblyScript: TypeScript's syntax with other types and other rules.
  {
    ignores: [
      '**/node_modules/',
      'lib/dist/',
      'scripts/kernel/dist/',
      'lib/src/engine/kernels/assembly/',
      'report/',
      'site/',
      '.venv/',
      '.jupyter/',
    ],
  },
  eslint.configs.recommended,
  ...configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        project: [
          './tsconfig.json',
          './lib/src/widgets/page/tsconfig.json',
          './scripts/site/client/tsconfig.json',
        ],
        tsconfigRootDir: __dirname,
      },
    },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      eqeqeq: 'error',
      // tsc finds them, in JavaScript too, and knows which globals there are.
      'no-undef': 'off',
      // Terminal escapes are what several files here are about.
      'no-control-regex': 'off',
    },
  },
  {
    // CommonJS that runs uncompiled: what loads TypeScript, and what is loaded into a kernel. `require` of a path that is
    // only known at run time gives `any`; the JSDoc types beside it, which tsc checks, say what is expected of it.
    files: ['**/*.js'],
    rules: {
      '@typescript-eslint/no-require-imports': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    // node:test's `test` and `describe` return promises that the test runner itself awaits.
    files: ['**/*.test.ts', '**/*.e2e.ts'],
    rules: { '@typescript-eslint/no-floating-promises': 'off' },
  },
);
