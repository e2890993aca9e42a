import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A file that a generator makes: `path` relative to the top of the work tree, `content` complete with its last newline. */
export interface GeneratedFile {
  path: string;
  content: string;
}

/** What a generator returns. `ownedDirectories` hold nothing but its files: anything else in them is left over and goes. */
export interface GeneratorOutput {
  files: GeneratedFile[];
  ownedDirectories?: string[];
}

/** Paths whose content on disk is not what the generators make: changed, missing or left over. */
export async function outdatedPaths(root: string, output: GeneratorOutput): Promise<string[]> {
  const outdated: string[] = [];
  for (const { path, content } of output.files) {
    if ((await contentOf(join(root, path))) !== content) outdated.push(path);
  }
  return [...outdated, ...(await leftOverPaths(root, output))].sort();
}

/** Writes what differs, removes what is left over, and returns the paths that it touched. */
export async function writeOutdated(root: string, output: GeneratorOutput): Promise<string[]> {
  const outdated = await outdatedPaths(root, output);
  const contentByPath = new Map(output.files.map(({ path, content }) => [path, content]));
  for (const path of outdated) {
    const content = contentByPath.get(path);
    if (content === undefined) {
      await rm(join(root, path));
      continue;
    }
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  return outdated;
}

async function leftOverPaths(root: string, { files, ownedDirectories = [] }: GeneratorOutput): Promise<string[]> {
  const expected = new Set(files.map(({ path }) => path));
  const found: string[] = [];
  for (const directory of ownedDirectories) {
    const names = await readdir(join(root, directory)).catch(ignoringMissing<string[]>([]));
    found.push(...names.map((name) => `${directory}/${name}`).filter((path) => !expected.has(path)));
  }
  return found;
}

async function contentOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(ignoringMissing<string | undefined>(undefined));
}

function ignoringMissing<T>(substitute: T): (error: unknown) => T {
  return (error) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return substitute;
    throw error;
  };
}
