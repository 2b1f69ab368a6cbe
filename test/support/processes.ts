/** The processes of the machine, as `ps` tells them. */
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ProcessFacts {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** All that run now, zombies left out: a process that ended is gone, whoever has yet to take note. */
export function processes(): ProcessFacts[] {
  return execFileSync('ps', ['-eo', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' })
    .split('\n')
    .flatMap((line) => {
      const [, pid = '', parent = '', state = '', command = ''] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
      return pid === '' || state.startsWith('Z') ? [] : [{ pid: Number(pid), parent: Number(parent), command }];
    });
}

/** Children of a process, their children, and so on. */
export function descendants(of: number): ProcessFacts[] {
  const all = processes();
  const found: ProcessFacts[] = [];
  const parents = new Set([of]);
  for (let grown = true; grown; ) {
    grown = false;
    for (const one of all) {
      if (parents.has(one.pid) || !parents.has(one.parent)) continue;
      parents.add(one.pid);
      found.push(one);
      grown = true;
    }
  }
  return found;
}

/** Waits until a condition holds; throws what `what` says when it does not within the time. */
export async function until(condition: () => boolean | Promise<boolean>, what: string, withinMs = 60_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`after ${withinMs / 1000} s: ${what}`);
    await sleep(50);
  }
}
