import type { AwaitedVersion, Finding } from '../../domain/job/report.ts';
import { listBlocking } from '../../domain/package/finding.ts';
import { subjectOf } from '../preflight/contents/dependency-availability.ts';
import { availableDependencies } from '../preflight/rules/dependencies.ts';

/**
 * Returns the versions that a package waits for: the missing dependencies whose findings block it, when nothing else
 * does; none when something else blocks it too. Pure.
 */
export function listAwaited(
  findings: readonly Finding[],
  missing: readonly AwaitedVersion[],
): readonly AwaitedVersion[] {
  const blocking = listBlocking({ findings });
  const subjects = new Set(missing.map(subjectOf));
  const isAwaited = ({ rule, subject }: Finding): boolean =>
    // A long list of findings ends with a finding that only counts the others.
    rule === availableDependencies.id && (subject === undefined || subjects.has(subject));
  if (!blocking.every(isAwaited)) return [];
  const isCut = blocking.some(({ subject }) => subject === undefined);
  return missing.filter((awaited) => isCut || blocking.some(({ subject }) => subject === subjectOf(awaited)));
}
