import type { PackageReport } from '../../domain/job/report.ts';
import type { Button } from '../../ports/chat.ts';
import { isFixable } from '../../publisher/preflight/repair/plan-repair.ts';
import { actorOf } from '../interactions/person.ts';
import { wordProposed } from '../pages/proposed-fixes.ts';
import type { ButtonHandler } from './button.ts';
import { buildCustomId } from './custom-id.ts';

const action = 'fix';

/** Proposes the automatic repair of findings as a pull request. Adds no power: somebody of the repository merges it. */
export const fixButton: ButtonHandler = {
  action,
  access: 'retriers',
  async press(context, job, presser) {
    const answer = await context.proposeFix(job, actorOf(presser));
    context.logger.info('propose fix pressed', { job, user: presser.userId, result: answer.kind });
    return { content: wordProposed(answer) };
  },
};

export function buildFixButton(job: number): Button {
  const id = buildCustomId({ action, job });
  return { kind: 'action', id, label: 'Propose fix', style: 'secondary', disabled: false };
}

/** Returns true when a finding can be repaired automatically. */
export function isRepairable({ findings }: Pick<PackageReport, 'findings'>): boolean {
  return findings.some(isFixable);
}
