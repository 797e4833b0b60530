import { readdir, readFile } from 'node:fs/promises';

/**
 * Returns the command lines of the process and of everything that it started, as any user of the machine can read them.
 */
export async function commandLinesUnder(pid: number): Promise<readonly string[]> {
  const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined);
  if (line === undefined) return [];
  const tasks = await readdir(`/proc/${pid}/task`).catch(() => []);
  const children = await Promise.all(
    tasks.map(async (task) => readFile(`/proc/${pid}/task/${task}/children`, 'utf8').catch(() => '')),
  );
  const pids = children.join(' ').split(' ').filter(Boolean).map(Number);
  const below = await Promise.all(pids.map(commandLinesUnder));
  return [line.replaceAll('\0', ' '), ...below.flat()];
}

/** Returns the command lines of everything that runs on this machine. */
export async function allCommandLines(): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    pids.map(async (pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return lines.map((line) => line.replaceAll('\0', ' '));
}
