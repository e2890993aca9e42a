import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cacheFolder } from './cache-folder.ts';

const toolsFolder = dirname(fileURLToPath(import.meta.url));

/** A folder with files, within a Go module that one of the tools' modules pins. */
export interface ModuleFolder {
  /** Folder beside this file, with go.mod and go.sum. */
  module: string;
  /** Path of the module that holds the files. */
  from: string;
  folder: string;
}

/** Path of a copy of the folder in the cache; made if it is not there. Keyed like the built tools, so it is never stale. */
export async function ensureModuleFolder({ module, from, folder }: ModuleFolder): Promise<string> {
  const pins = join(toolsFolder, module);
  const hash = createHash('sha256').update(JSON.stringify([from, folder]));
  for (const file of ['go.mod', 'go.sum']) hash.update(readFileSync(join(pins, file)));
  const path = join(cacheFolder(), 'files', hash.digest('hex').slice(0, 16));
  if (existsSync(path)) return path;
  const { stdout } = await promisify(execFile)('go', ['mod', 'download', '-json', from], { cwd: pins, env: { ...process.env, GOFLAGS: '', GOWORK: 'off' } });
  const { Dir } = JSON.parse(stdout) as { Dir: string };
  const temporary = `${path}.${String(process.pid)}.new`;
  mkdirSync(dirname(path), { recursive: true });
  cpSync(join(Dir, folder), temporary, { recursive: true });
  try {
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    if (!existsSync(path)) throw error; // else another process was quicker
  }
  return path;
}
