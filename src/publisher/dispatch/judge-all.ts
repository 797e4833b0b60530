import pLimit from 'p-limit';
import type { Selected } from '../commit/candidates.ts';
import type { JudgeDeps } from '../judge/deps.ts';
import { type JudgeContext, judgeAgainstRegistry } from '../judge/judge.ts';
import { judgeManifest } from '../judge/judge-manifest.ts';
import type { Judgement } from '../judge/judgement.ts';
import { settleAll } from '../pacing/settle-all.ts';
import type { Run } from '../run/run.ts';
import type { CommitHalf } from './commit-half.ts';

/** How many registry documents are looked up at the same time. */
const lookupsAtOnce = 16;

interface ToJudge extends Omit<JudgeContext, 'registeredSlugs'> {
  readonly selected: readonly Selected[];
}

/** Judges every selected package. Saving a judgement through `half` may replace it. Throws Outage. */
export async function judgeAll(
  deps: JudgeDeps,
  half: Pick<CommitHalf, 'judged'>,
  run: Run,
  { selected, duplicates, onDefaultBranch }: ToJudge,
): Promise<readonly Judgement[]> {
  const scopes = run.job.scopes.length > 0 ? run.job.scopes : deps.limits.scopes;
  const repositories = await deps.repositories.list();
  const registeredSlugs = repositories.map((repository) => repository.slug);
  const context: JudgeContext = { onDefaultBranch, duplicates, registeredSlugs };
  const limit = pLimit(lookupsAtOnce);
  return settleAll(
    selected.map(async (item): Promise<Judgement> => {
      const { candidate, parsed } = item;
      const early = judgeManifest(item, scopes);
      if (early !== undefined || parsed.kind !== 'unity') {
        return { kind: 'settled', result: early ?? failedManifest() };
      }
      return limit(async () => {
        const judged = await judgeAgainstRegistry(deps, run, context, candidate, parsed);
        return half.judged(parsed.manifest.name, judged);
      });
    }),
  );
}

function failedManifest(): never {
  throw new Error('a manifest that is not a Unity manifest was not settled');
}
