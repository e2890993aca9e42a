import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cacheFolder } from './cache-folder.ts';
import { withLock } from './folder-lock.ts';

/**
 * Sets of Python packages, each pinned with everything that it needs in `python/<name>.txt`. To renew one, install its first packages into an
 * empty virtual environment and write down what `pip freeze` says.
 */
export type PythonToolSet = 'ansible' | 'clients' | 'moto';

/** A virtual environment in the cache. */
export interface PythonTools {
  /** Path of its interpreter. */
  python: string;
  /** Path of a program of one of its packages, e.g. `aws`. */
  program(name: string): string;
}

const requirementsFolder = join(dirname(fileURLToPath(import.meta.url)), 'python');
const run = promisify(execFile);

/**
 * The virtual environment of a set; made if it is not in the cache (half a minute). It is keyed by the pinned versions and by Python's own.
 * @throws Error - with what is missing, if Python 3 or its venv module is absent or a package cannot be had
 */
export async function ensurePythonTools(set: PythonToolSet, log: (line: string) => void): Promise<PythonTools> {
  const requirementsFile = join(requirementsFolder, `${set}.txt`);
  const collectionsFile = join(requirementsFolder, `${set}-collections.txt`);
  const pins = [requirementsFile, collectionsFile].filter((file) => existsSync(file)).map((file) => readFileSync(file, 'utf8'));
  const key = createHash('sha256').update(pins.join('')).update(await pythonVersion()).digest('hex').slice(0, 16);
  const folder = join(cacheFolder(), 'python', `${set}-${key}`);
  // A virtual environment cannot be moved once made, so this file, written last, says that it is whole.
  const wholeFile = join(folder, 'whole');
  if (!existsSync(wholeFile)) {
    await withLock(`${folder}.lock`, log, async () => {
      if (!existsSync(wholeFile)) await install(folder, requirementsFile, log);
      if (existsSync(collectionsFile)) await unpackCollections(folder, collectionsFile);
      writeFileSync(wholeFile, '');
    });
  }
  return { python: join(folder, 'bin', 'python'), program: (name) => join(folder, 'bin', name) };
}

async function pythonVersion(): Promise<string> {
  try {
    const { stdout } = await run('python3', ['-c', 'import sys; print(sys.version, sys.prefix)']);
    return stdout;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new Error('Python 3 is not installed, or not in PATH: the tests with real clients and the benchmark need it (3.10 or later)', { cause: error });
  }
}

async function install(folder: string, requirementsFile: string, log: (line: string) => void): Promise<void> {
  log(`installing Python packages of ${requirementsFile}: once, about 20 s (then kept in ${folder})`);
  rmSync(folder, { recursive: true, force: true });
  try {
    await run('python3', ['-m', 'venv', folder]);
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '--requirement', requirementsFile];
    await run(join(folder, 'bin', 'python'), pip, { maxBuffer: 16 * 1024 * 1024 });
  } catch (error) {
    throw new Error(`the Python packages of ${requirementsFile} cannot be installed: ${textOf(error)}`, { cause: error });
  }
}

/** Unpacks folders of a package into the environment; its other parts are left out. */
async function unpackCollections(folder: string, collectionsFile: string): Promise<void> {
  const lines = readFileSync(collectionsFile, 'utf8').split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const [first = '', ...parts] = lines;
  const python = join(folder, 'bin', 'python');
  const wheels = join(folder, 'wheels');
  const unpack = [
    'import glob, site, sys, zipfile',
    'wheel = zipfile.ZipFile(glob.glob(sys.argv[1] + "/*.whl")[0])',
    'wheel.extractall(site.getsitepackages()[0], [name for name in wheel.namelist() if name.startswith(tuple(sys.argv[2:]))])',
  ].join('\n');
  try {
    await run(python, ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps', '--dest', wheels, first.replace('package ', '')]);
    await run(python, ['-c', unpack, wheels, ...parts]);
  } catch (error) {
    throw new Error(`the collections of ${collectionsFile} cannot be had: ${textOf(error)}`, { cause: error });
  } finally {
    rmSync(wheels, { recursive: true, force: true });
  }
}

function textOf(error: unknown): string {
  const { stderr, stdout, message } = error as { stderr?: string; stdout?: string; message?: string };
  return [stderr, stdout, message].find((text) => text)?.trim() ?? String(error);
}
