import type { PackageResult } from '../../domain/job/report.ts';
import { isInScope } from '../../domain/package/package-name.ts';
import type { Packument } from '../../domain/package/packument.ts';
import type { Selected } from '../commit/candidates.ts';
import { buildVersionReader } from '../preflight/guid-index/version-reader.ts';
import type { Run } from '../run/pipeline.ts';
import type { CommitContextDeps } from './deps.ts';
import type { CommitContext, Judgement } from './judgement.ts';

/** Decisions about the packages of one commit, before any of them is published. */
export interface JudgedCommit {
  readonly branch: string;
  readonly selected: readonly Selected[];
  readonly unchanged: readonly PackageResult[];
  readonly judgements: readonly Judgement[];
}

/**
 * Builds the context of one commit. Reads the registered scopes now; everything else is looked up when it is needed.
 */
export async function buildCommitContext(
  deps: CommitContextDeps,
  run: Run,
  judged: JudgedCommit,
): Promise<CommitContext> {
  const registered = (await deps.repositories.list()).flatMap(({ scopes }) => scopes);
  const scopes = [...deps.limits.scopes, ...run.job.scopes, ...registered];
  const arriving = new Map<string, string>();
  for (const judgement of judged.judgements) {
    if (judgement.kind !== 'planned') continue;
    const { name, version } = judgement.plan.manifest;
    arriving.set(name, version);
  }
  const asked = new Map<string, Promise<Packument | undefined>>();
  const findPackument = async (name: string, signal: AbortSignal): Promise<Packument | undefined> => {
    const known = asked.get(name) ?? deps.preflight.registry.findPackument(name, signal);
    asked.set(name, known);
    return known;
  };
  return {
    branch: judged.branch,
    siblings: listSiblings(judged),
    versions: buildVersionReader(deps.preflight),
    sources: {
      registry: { findPackument },
      arriving,
      isOurs: async (name) => isInScope(name, scopes) || (await deps.ledger.findOwner(name)) !== undefined,
      wasPublished: async (name, version) =>
        (await deps.ledger.listIntents(name, version)).some(({ state }) => state === 'stored'),
    },
  };
}

/**
 * Lists the versions of the commit's packages by name. An unreadable package is left out because nothing is known of
 * it, an excluded one because it is not what its name promises.
 */
function listSiblings({ judgements, selected, unchanged }: JudgedCommit): ReadonlyMap<string, string> {
  const excluded = new Set(
    judgements.flatMap((judgement) =>
      judgement.kind === 'settled' && judgement.result.state === 'excluded' ? [judgement.result.path] : [],
    ),
  );
  const versions = new Map<string, string>();
  for (const { name, version } of unchanged) if (version !== undefined) versions.set(name, version);
  for (const { candidate, parsed } of selected) {
    if (parsed.kind !== 'unity' || parsed.isPrivate || excluded.has(candidate.path)) continue;
    versions.set(parsed.manifest.name, parsed.manifest.version);
  }
  return versions;
}
