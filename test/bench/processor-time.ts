import { readFileSync } from 'node:fs';

/** Clock ticks of a second in /proc on Linux, whatever the kernel's own rate is. */
const TICKS_PER_SECOND = 100;

/** Seconds of processor time that processes have used so far, by their names; what cannot be read (no Linux, a dead process) is left out. */
export function processorSeconds(pids: Readonly<Record<string, number>>): Map<string, number> {
  const seconds = new Map<string, number>();
  for (const [name, pid] of Object.entries(pids)) {
    try {
      const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
      // Fields 14 and 15 of the line, counted behind the name, which may hold spaces and parentheses.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      seconds.set(name, (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND);
    } catch {
      continue;
    }
  }
  return seconds;
}

/** Seconds used between two readings. */
export function processorSecondsBetween(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): Map<string, number> {
  return new Map([...after].map(([name, seconds]) => [name, seconds - (before.get(name) ?? seconds)]));
}
