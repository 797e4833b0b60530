import type { PackageReport } from '../../domain/job/report.ts';
import type { Button } from '../../ports/chat.ts';
import { proposeFix } from '../../publisher/operations/propose-fix.ts';
import { isFixable } from '../../publisher/preflight/repair/plan-repair.ts';
import type { Handler } from '../interactions/handler.ts';
import { say } from '../interactions/reply.ts';
import { wordProposed } from '../pages/proposed-fixes.ts';
import { buildButton } from './button.ts';

const action = 'fix';

/** Proposes the automatic repair of findings as a pull request. Adds no power: somebody of the repository merges it. */
export const fixButton: Handler = {
  action,
  access: 'retriers',
  of: 'job',
  acknowledge: 'reply',
  press: async ({ ask, logger }, { id, actor, person, signal }) => {
    const job = Number(id);
    const answer = await ask(proposeFix, job, actor, signal);
    logger.info('propose fix pressed', { job, user: person.userId, result: answer.kind });
    return say(wordProposed(answer));
  },
};

export function buildFixButton(job: number): Button {
  return buildButton(action, job, 'Propose fix');
}

/** Returns true when a finding can be repaired automatically. */
export function isRepairable({ findings }: Pick<PackageReport, 'findings'>): boolean {
  return findings.some(isFixable);
}
