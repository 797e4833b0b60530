import { type OnProgress, runDry } from '../dispatch/dry-run.ts';
import { answerError, isAnswer } from './answers.ts';
import type { OperationsDeps } from './deps.ts';
import { locateTarget } from './find-target.ts';
import type { Operations, PublishRequest } from './operations.ts';

/** What a publish would do: packed and checked, nothing sent, nothing written. */
export async function planPublish(
  deps: OperationsDeps,
  request: PublishRequest,
  signal: AbortSignal,
  onProgress?: OnProgress,
): ReturnType<Operations['planPublish']> {
  const target = await locateTarget(deps, request, signal);
  if (isAnswer(target)) return target;
  const { repository, packagePath, located } = target;
  const { allowLower, by } = request;
  const { commit } = located;
  try {
    const asked = { repository, commit, packagePath, allowLower, by };
    const { branch, packages } = await runDry(deps.pipeline.prepare, asked, signal, onProgress);
    return { kind: 'plan', repository: repository.slug, commit, branch, packages };
  } catch (error) {
    signal.throwIfAborted();
    return answerError(error, request.ref, deps.clock.now());
  }
}
