import { readdir, readFile } from 'node:fs/promises';

/** A child process, as seen by anybody who may read /proc. */
export interface SeenChild {
  readonly commandLine: string;
  readonly environment: string;
}

export interface ChildWatch {
  seen(): readonly SeenChild[];
  stop(): void;
}

const everyMs = 15;

/** Records everything that runs below a process, until it is stopped. */
export function watchChildren(pid: () => number): ChildWatch {
  const seen = new Map<string, SeenChild>();
  let isBusy = false;
  const timer = setInterval(() => {
    if (isBusy) return;
    isBusy = true;
    void look(pid(), seen).finally(() => {
      isBusy = false;
    });
  }, everyMs);
  return { seen: () => [...seen.values()], stop: () => clearInterval(timer) };
}

async function look(pid: number, seen: Map<string, SeenChild>): Promise<void> {
  const tasks = await readdir(`/proc/${pid}/task`).catch(() => []);
  const lists = await Promise.all(tasks.map(async (task) => read(`/proc/${pid}/task/${task}/children`)));
  for (const child of lists.join(' ').split(' ').filter(Boolean)) {
    const commandLine = await read(`/proc/${child}/cmdline`);
    const environment = await read(`/proc/${child}/environ`);
    // Leaves out a child between fork and exec, which still looks like its parent.
    if (commandLine !== '' && !commandLine.includes('start.mjs')) {
      seen.set(`${child} ${commandLine}`, { commandLine, environment });
    }
    await look(Number(child), seen);
  }
}

async function read(file: string): Promise<string> {
  return (await readFile(file, 'utf8').catch(() => '')).replaceAll('\0', ' ');
}
