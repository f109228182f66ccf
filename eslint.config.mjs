import tseslint from 'typescript-eslint';

export default tseslint.config(
  // `assembly` is AssemblyScript: TypeScript's syntax with other types and other rules.
  {
    ignores: [
      'node_modules/',
      'lib/dist/',
      'lib/src/engine/assembly/',
      'report/',
      '.venv/',
      '**/*.js',
      '**/*.mjs',
    ],
  },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      eqeqeq: 'error',
    },
  },
  {
    // node:test's `test` and `describe` return promises that the test runner itself awaits.
    files: ['**/*.test.ts'],
    rules: { '@typescript-eslint/no-floating-promises': 'off' },
  },
);
