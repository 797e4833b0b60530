import type { AwaitedVersion, Finding } from '../../domain/job/report.ts';
import { listBlocking } from '../../domain/package/finding.ts';
import { subjectOf } from '../preflight/contents/dependency-availability.ts';
import { availableDependencies } from '../preflight/rules/dependencies.ts';

/**
 * What a version waits for: the missing dependencies that stop it as the findings count, when nothing else does; none
 * when something else stops it too. Pure.
 */
export function listAwaited(
  findings: readonly Finding[],
  missing: readonly AwaitedVersion[],
): readonly AwaitedVersion[] {
  const blocking = listBlocking({ findings });
  const subjects = new Set(missing.map(subjectOf));
  const isAwaited = ({ rule, subject }: Finding): boolean =>
    // A long list of findings ends with one that only counts the others.
    rule === availableDependencies.id && (subject === undefined || subjects.has(subject));
  if (!blocking.every(isAwaited)) return [];
  const isCut = blocking.some(({ subject }) => subject === undefined);
  return missing.filter((awaited) => isCut || blocking.some(({ subject }) => subject === subjectOf(awaited)));
}
