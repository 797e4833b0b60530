import type { GitPorts } from '../adapters/git/git-source.ts';
import { buildGeminiChangelog } from '../adapters/wording/gemini-changelog.ts';
import { buildWriteBackLoop } from '../publisher/changelog/write-back/write-back-loop.ts';
import type { Operations } from '../publisher/operations/operations.ts';
import { buildReadChangelog, type ReadChangelogDeps } from '../publisher/operations/read-changelog.ts';
import { buildRegenerateChangelog } from '../publisher/operations/regenerate-entry.ts';
import type { WorkLoop } from '../publisher/pacing/work-loop.ts';
import type { Store } from '../store/store.ts';
import type { ChangelogParts } from './open-pipeline.ts';
import type { AppDeps, Parts } from './parts.ts';

/** Assembles how versions get their changelogs; a model words them only when a key is set. */
export function openChangelog(deps: AppDeps, store: Store, source: GitPorts): ChangelogParts {
  const { config, secrets, clock, logger, redact } = deps;
  const gemini = buildGeminiChangelog({
    apiKey: () => secrets.geminiKey(),
    model: config.geminiModel,
    apiUrl: config.geminiApiUrl,
    clock,
    logger,
  });
  return {
    history: source,
    entries: store.changelogs,
    wording: secrets.geminiKey() === undefined ? undefined : gemini,
    budgetMs: config.changelogBudgetSeconds * 1000,
    gitServerUrl: config.githubServerUrl,
    redact,
  };
}

/** Returns undefined without credentials to write with: entries then stay owed. */
export function openWriteBacks(deps: AppDeps, parts: Parts): WorkLoop | undefined {
  const { clock, logger } = deps;
  if (!hasCredentials(deps)) return undefined;
  const { repositoryWriter: writer } = parts.github;
  const { writeBacks: owed, ownBranches, audit, outbox } = parts.store;
  return buildWriteBackLoop({
    clock,
    logger,
    source: parts.source,
    writer,
    owed,
    ownBranches,
    audit,
    outbox,
  });
}

function hasCredentials({ config, secrets }: AppDeps): boolean {
  return config.githubAppId !== undefined || secrets.githubToken() !== undefined;
}

/** Assembles the reading of a version's changelog, for whoever asks. */
export function openReadChangelog(deps: AppDeps, parts: Parts): Operations['readChangelog'] {
  const { registry: files, source } = parts;
  const findHead: ReadChangelogDeps['findHead'] = async ({ id, slug }, signal) =>
    (await source.resolve({ id, slug, ref: undefined, branches: [] }, signal)).commit;
  return buildReadChangelog({ ...openReading(deps, parts), files, findHead });
}

/** Assembles the rewording of a published version's changelog entry, for whoever may. */
export function openRegenerateChangelog(deps: AppDeps, parts: Parts): Operations['regenerateChangelog'] {
  const { github, store } = parts;
  return buildRegenerateChangelog({
    ...openReading(deps, parts),
    writer: github.repositoryWriter,
    owed: store.writeBacks,
    canWrite: hasCredentials(deps),
    isShadow: deps.config.publishMode === 'shadow',
  });
}

function openReading({ clock, logger }: AppDeps, { pipeline, source, store }: Parts) {
  const { changelog, registry } = pipeline;
  const { repositories, ledger } = store;
  return { ...changelog, clock, logger, source, registry, repositories, ledger };
}
