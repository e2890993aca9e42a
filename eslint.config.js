import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** An arrow that must not be: files of `from` may not import from the named folders of operator/. */
function forbid(files, folders, why, extra = []) {
  return {
    files,
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            ...folders.map((folder) => ({ regex: `^(\\.\\./)+${folder}/|^(\\.\\./)+operator/${folder}/`, message: why })),
            ...extra,
          ],
        },
      ],
    },
  };
}

const clientNodeValues = {
  group: ['@kubernetes/client-node'],
  allowTypeImports: true,
  message: 'Only operator/kubernetes/ talks to the API server; others may import types.',
};

/** @type {import('eslint').Linter.Config[]} */
export default tseslint.config(
  { ignores: ['node_modules/', '.kube-ec2/', 'operator/kubernetes/kubevirt/'] },
  js.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // Every operation is async by contract, whether or not it awaits.
      '@typescript-eslint/require-await': 'off',
      'no-else-return': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
    },
  },
  forbid(
    ['operator/api/**/*.ts'],
    ['kubernetes', 'metrics', 'runtime', 'controllers', 'endpoint'],
    'api/ imports zod and nothing else.',
    [{ group: ['@kubernetes/*', '@aws-sdk/*', 'express', 'winston'], message: 'api/ imports zod and nothing else.' }],
  ),
  forbid(['operator/kubernetes/**/*.ts'], ['metrics', 'runtime', 'controllers', 'endpoint'], 'kubernetes/ may import api/ only.'),
  forbid(['operator/metrics/**/*.ts'], ['runtime', 'controllers', 'endpoint'], 'metrics/ may import api/ and kubernetes/ only.', [clientNodeValues]),
  forbid(['operator/runtime/**/*.ts'], ['metrics', 'controllers', 'endpoint'], 'runtime/ may import api/ and kubernetes/ only.', [clientNodeValues]),
  forbid(['operator/controllers/**/*.ts'], ['endpoint'], 'Controllers and endpoint meet only in the custom resources.', [clientNodeValues]),
  forbid(['operator/endpoint/**/*.ts'], ['controllers', 'runtime'], 'Controllers and endpoint meet only in the custom resources.', [clientNodeValues]),
  {
    files: ['hack/**/*.ts', 'test/**/*.ts'],
    rules: {
      'no-console': 'off',
      // mocha's describe and it return nothing to wait for; node:assert's rejects is awaited where it matters.
      '@typescript-eslint/no-unused-expressions': 'off',
    },
  },
  {
    files: ['eslint.config.js', '**/*.cjs'],
    ...tseslint.configs.disableTypeChecked,
    languageOptions: { parserOptions: { projectService: false }, globals: { require: 'readonly', module: 'writable', process: 'readonly' } },
  },
  // mocha loads reporters with require.
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
);
