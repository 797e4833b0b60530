import type { PackageReport } from '../../domain/job/report.ts';
import { type OnProgress, runDry } from '../dispatch/dry-run.ts';
import { answerError, isAnswer, type NotFound, type Refused } from './answers.ts';
import type { Core } from './core.ts';
import { type LocateTargetDeps, locateTarget, type PublishRequest } from './find-target.ts';

/** The outcome that a publish of this commit would have, per package; nothing was sent. */
export interface Plan {
  readonly kind: 'plan';
  readonly repository: string;
  readonly commit: string;
  readonly branch: string;
  readonly packages: readonly PackageReport[];
}

/** Packs and checks what a publish would send; sends and writes nothing. */
export async function planPublish(
  deps: LocateTargetDeps & Pick<Core, 'prepare'>,
  request: PublishRequest,
  signal: AbortSignal,
  onProgress?: OnProgress,
): Promise<Plan | NotFound | Refused> {
  const target = await locateTarget(deps, request, signal);
  if (isAnswer(target)) return target;
  const { repository, packagePath, located } = target;
  const { allowLower, by } = request;
  const { commit } = located;
  try {
    const asked = { repository, commit, packagePath, allowLower, by };
    const { branch, packages } = await runDry(deps.prepare, asked, signal, onProgress);
    return { kind: 'plan', repository: repository.slug, commit, branch, packages };
  } catch (error) {
    signal.throwIfAborted();
    return answerError(error, request.ref, deps.clock.now());
  }
}
