import { type Failure, failure } from '../../domain/failure/failure.ts';
import { blankResult, failed, shorten } from '../../domain/job/package-result.ts';
import type { PackageResult } from '../../domain/job/report.ts';
import { type ParsedManifest, parseManifest, type UnityManifest } from '../../domain/package/manifest.ts';
import { findNameProblem, whyNameExcluded } from '../../domain/package/package-name.ts';
import { findVersionProblem } from '../../domain/package/version-problem.ts';
import { type Candidate, labelOf, type Selected } from '../commit/candidates.ts';

/**
 * Applies the gates that need nothing but the manifest; returns undefined when the package may be looked up. Without
 * scopes every name passes that gate.
 */
export function judgeManifest(
  { candidate, parsed, knownName }: Selected,
  scopes: readonly string[] | undefined,
): PackageResult | undefined {
  const label = knownName ?? labelOf(candidate);
  if (parsed.kind === 'broken') {
    return failed(blankResult(parsed.name ?? label, candidate.path, 'failed'), parsed.failure);
  }
  const name = parsed.kind === 'unity' ? parsed.manifest.name : (parsed.name ?? label);
  const version = parsed.kind === 'unity' ? shorten(parsed.manifest.version) : undefined;
  const note = whyExcluded(parsed, scopes);
  if (note !== undefined || parsed.kind !== 'unity') {
    return { ...blankResult(name, candidate.path, 'excluded'), version, note };
  }
  const problem = findIdentityProblem(parsed.manifest);
  if (problem === undefined) return undefined;
  return failed({ ...blankResult(name, candidate.path, 'failed'), version }, problem);
}

function whyExcluded(
  parsed: Exclude<ParsedManifest, { kind: 'broken' }>,
  scopes: readonly string[] | undefined,
): string | undefined {
  if (parsed.kind === 'other') return `Not a Unity package: it ${parsed.why}`;
  if (parsed.isPrivate) return 'It is marked "private"';
  return scopes === undefined ? undefined : whyNameExcluded(parsed.manifest.name, scopes);
}

function findIdentityProblem({ name, version }: UnityManifest): Failure | undefined {
  const nameProblem = findNameProblem(name);
  if (nameProblem !== undefined) {
    return failure('name-invalid', { name: shorten(name), problem: nameProblem });
  }
  const found = findVersionProblem(version);
  if (found === undefined) return undefined;
  const { problem, suggestion } = found;
  const instead = suggestion === undefined ? {} : { suggestion };
  return failure('version-invalid', { version: shorten(version), problem, ...instead });
}

/**
 * Parses the bytes of a manifest. A symlinked or oversized manifest is reported as broken; a link is not followed.
 */
export function readCandidate(candidate: Candidate, bytes: Uint8Array | undefined): ParsedManifest {
  const cannot = (problem: string): ParsedManifest => ({
    kind: 'broken',
    name: undefined,
    failure: failure('manifest-invalid', { file: candidate.file, line: 0, column: 0, problem }),
  });
  if (candidate.isSymlink) return cannot('is a symbolic link; commit the file itself');
  if (bytes === undefined) return cannot('is larger than a manifest can be');
  return parseManifest(bytes, candidate.file);
}
