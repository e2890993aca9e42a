import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cacheFolder } from './cache-folder.ts';
import { withLock } from './folder-lock.ts';
import type { GoTool } from './go-tool.ts';

const toolsFolder = dirname(fileURLToPath(import.meta.url));
const buildFlags = ['-trimpath', '-mod=readonly', '-buildvcs=false'];
const PROGRESS_MILLISECONDS = 15_000;

/**
 * Path of the built tool in the cache; builds it if it is not there. The path holds a hash of all that the result depends on, so a build is
 * never stale, and work trees share it. Two processes that want the same build take turns.
 */
export async function buildGoTool(tool: GoTool, log: (line: string) => void): Promise<string> {
  const path = join(cacheFolder(), 'bin', `${tool.name}-${keyOf(tool, await goVersion(tool))}`, tool.name);
  if (existsSync(path)) return path;
  return withLock(join(cacheFolder(), 'go-build.lock'), log, async () => {
    if (!existsSync(path)) await build(tool, path, log);
    return path;
  });
}

/** The toolchain that Go chooses for the module, with its platform. Asking costs 10 ms; it differs per module only by go.mod's go line. */
async function goVersion(tool: GoTool): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)('go', ['env', 'GOVERSION', 'GOOS', 'GOARCH'], { cwd: join(toolsFolder, tool.module) });
    return stdout;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new Error('Go is not installed, or not in PATH: it is needed once, to build the control plane (1.26 or later)', { cause: error });
  }
}

function keyOf(tool: GoTool, version: string): string {
  const folder = join(toolsFolder, tool.module);
  const hash = createHash('sha256').update(JSON.stringify([tool.package, tool.linkerFlags, buildFlags, version, ...tagsOf(tool)]));
  for (const file of ['go.mod', 'go.sum']) hash.update(readFileSync(join(folder, file)));
  if (tool.package.startsWith('.')) {
    const sources = join(folder, tool.package);
    for (const file of readdirSync(sources).sort()) hash.update(readFileSync(join(sources, file)));
  }
  return hash.digest('hex').slice(0, 16);
}

function tagsOf({ tags }: GoTool): string[] {
  return tags === undefined ? [] : ['-tags', tags];
}

async function build(tool: GoTool, path: string, log: (line: string) => void): Promise<void> {
  const started = Date.now();
  const elapsed = (): string => `${String(Math.round((Date.now() - started) / 1000))} s`;
  log(`building ${tool.name}: once, about ${String(tool.estimateSeconds)} s on two cores (then kept in ${cacheFolder()})`);
  const timer = setInterval(() => log(`building ${tool.name}: ${elapsed()} of about ${String(tool.estimateSeconds)} s`), PROGRESS_MILLISECONDS);
  const temporary = `${path}.${String(process.pid)}.new`;
  mkdirSync(dirname(path), { recursive: true });
  try {
    await compile(tool, temporary);
    renameSync(temporary, path);
  } finally {
    clearInterval(timer);
    rmSync(temporary, { force: true });
  }
  log(`built ${tool.name} in ${elapsed()}`);
}

async function compile(tool: GoTool, output: string): Promise<void> {
  const flags = ['build', ...buildFlags, ...tagsOf(tool), '-ldflags', tool.linkerFlags, '-o', output, tool.package];
  const child = spawn('go', flags, {
    cwd: join(toolsFolder, tool.module),
    env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '', GOWORK: 'off' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  // Ctrl-C in a terminal reaches the compiler by itself; any other end of ours has to be passed on.
  const end = (): void => void child.kill();
  process.once('exit', end);
  let messages = '';
  child.stderr.on('data', (chunk: Buffer) => {
    messages = (messages + chunk.toString()).slice(-4000);
  });
  const code = await new Promise<number | null>((resolve, reject) => child.once('exit', resolve).once('error', reject));
  process.removeListener('exit', end);
  if (code !== 0) throw new Error(`${tool.name} cannot be built (go ended with ${String(code)}):\n${messages}`);
}
