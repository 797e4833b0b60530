import type { PackageResult } from '../../domain/job/report.ts';
import type { Workspace } from '../../ports/packing.ts';
import { describeUnsent } from '../package/prepare-package.ts';
import type { CommitHalf } from './commit-half.ts';

/** Receives the results of a run that publishes nothing. */
export interface DryListener {
  planned(results: readonly PackageResult[], count: number): Promise<void>;
  settled(result: PackageResult): Promise<void>;
}

/** Builds a half that saves and sends nothing: it removes a tarball that would have been sent. */
export function buildDryHalf(workspace: Pick<Workspace, 'removeTarball'>, listener: DryListener): CommitHalf {
  const nothing = async (): Promise<void> => undefined;
  return {
    fetched: nothing,
    compared: nothing,
    selected: nothing,
    judged: async (_name, { judgement }) => judgement,
    planned: async (results, count) => listener.planned(results, count),
    described: nothing,
    read: nothing,
    prepared: async (prepared) => {
      if (prepared.kind === 'settled') return { kind: 'result', result: prepared.result };
      if (prepared.kind === 'found') return prepared.confirmed.outcome;
      await workspace.removeTarball(prepared.draft.tarball);
      return { kind: 'result', result: describeUnsent(prepared) };
    },
    settled: async (result) => listener.settled(result),
  };
}
