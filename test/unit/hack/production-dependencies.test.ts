import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
/** Imports that are left of a source once its types are gone: static, side effect and dynamic ones. */
const IMPORT = /^\s*(?:import|export)\s+(?!type\b)(?:[^'"]*?\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(['"]([^'"]+)['"]\)/gm;

function sourcesIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));
}

function packageOf(specifier: string): string {
  const [scope = '', name = ''] = specifier.split('/');
  return scope.startsWith('@') ? `${scope}/${name}` : scope;
}

describe('the image of the operator', () => {
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { dependencies: Record<string, string> };
  const imports = sourcesIn('operator').flatMap((source) =>
    [...readFileSync(join(ROOT, source), 'utf8').matchAll(IMPORT)].map((match) => ({ source, specifier: match[1] ?? match[2] ?? '' })),
  );

  it('has every package that the operator loads: those are production dependencies', () => {
    const loaded = imports.filter(({ specifier }) => !specifier.startsWith('.') && !isBuiltin(specifier));
    assert.ok(loaded.length > 0);
    assert.deepEqual(loaded.filter(({ specifier }) => dependencies[packageOf(specifier)] === undefined), []);
  });

  it('has every file that the operator loads: nothing from outside operator/', () => {
    const outside = imports.filter(({ source, specifier }) => specifier.startsWith('.') && !join(source, '..', specifier).startsWith('operator/'));
    assert.deepEqual(outside, []);
  });
});
