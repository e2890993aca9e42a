import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { ensureGoTool, findInPath } from '../tools/go-tools.ts';
import { ensurePythonTools } from '../tools/python-tools.ts';

/**
 * Makes kubectl and aws available for the examples on a machine that lacks one of them: links to pinned ones of the cache. Returns the folder
 * with the links, `undefined` if none is needed. A client that cannot be had is told about, and no reason not to start.
 */
export async function ensureClients(binFolder: string, log: (line: string) => void): Promise<string | undefined> {
  const wanted: Record<string, () => Promise<string>> = {
    kubectl: async () => ensureGoTool('kubectl', log),
    aws: async () => (await ensurePythonTools('clients', log)).program('aws'),
  };
  const missing = Object.keys(wanted).filter((name) => findInPath(name) === undefined);
  if (missing.length === 0) return undefined;
  mkdirSync(binFolder, { recursive: true });
  for (const name of missing) {
    try {
      const target = await wanted[name]?.();
      const link = join(binFolder, name);
      rmSync(link, { force: true });
      if (target !== undefined && existsSync(target)) symlinkSync(target, link);
    } catch (error) {
      log(`there is no ${name} for the examples: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return binFolder;
}
