import type { Accepted, World } from '../../sandbox/world.ts';
import { readRows } from './stored-rows.ts';

/** The repository that `killBehind` dispatches for. */
export const many = 'studio/many';
const connections = 50;

export interface KilledBehind {
  /** What the answers promised, by the number of the job. */
  readonly promised: readonly object[];
  /** Number of different dispatches in the answers. */
  readonly distinct: number;
  /** What the database had after the restart, in the same order. */
  readonly kept: readonly unknown[];
  /** Number of reports with exactly one job. */
  readonly reported: number;
}

/** Sends this many dispatches, kills the process right after its last answer, starts it again and looks for each. */
export async function killBehind(world: World, dispatches: number): Promise<KilledBehind> {
  // No job can end meanwhile, because the git host does not answer.
  world.host.setFault({ kind: 'hang' });
  const commits = Array.from({ length: dispatches }, (_, index) =>
    (index + 1).toString(16).padStart(40, '0'),
  );
  const answers = await sendAll(commits, connections, async (commit) => {
    const accepted: Accepted = await world.dispatch(commit, { repository: many });
    return { ...accepted, commit };
  });

  await world.restart('SIGKILL');

  const kept = readRows(
    world,
    `select dispatches.id, commit_sha, number from dispatches join jobs on jobs.dispatch_id = dispatches.id
     where jobs.status in ('queued', 'running') order by number`,
  );
  const reports = await sendAll(answers, connections, async ({ id }) => world.report(id));
  return {
    promised: answers
      .map(({ id, commit, job }) => ({ id, commit_sha: commit, number: job }))
      .toSorted((a, b) => a.number - b.number),
    distinct: new Set(answers.filter(({ duplicate }) => !duplicate).map(({ id }) => id)).size,
    kept,
    reported: reports.filter(({ jobs }) => jobs.length === 1).length,
  };
}

/** Runs the work for each item, this many at a time. */
async function sendAll<T, R>(
  items: readonly T[],
  atOnce: number,
  send: (item: T) => Promise<R>,
): Promise<R[]> {
  const answers: R[] = [];
  const rest = items.values();
  const sender = async (): Promise<void> => {
    for (const item of rest) answers.push(await send(item));
  };
  await Promise.all(Array.from({ length: atOnce }, sender));
  return answers;
}
