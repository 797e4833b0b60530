import { buildGeminiChangelog } from './adapters/gemini-changelog.ts';
import type { GitPorts } from './adapters/git/git-source.ts';
import type { AppDeps, Parts } from './open-parts.ts';
import { buildReadChangelog } from './publisher/changelog/read-changelog.ts';
import { buildWriteBackLoop } from './publisher/changelog/write-back-loop.ts';
import type { Operations } from './publisher/operations/operations.ts';
import type { PipelineDeps } from './publisher/pipeline.ts';
import type { WorkLoop } from './publisher/work-loop.ts';
import type { Store } from './store/store.ts';

/** How versions get their changelogs; a model words them only when there is a key. */
export function openChangelog(deps: AppDeps, store: Store, source: GitPorts): PipelineDeps['changelog'] {
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

/** Undefined without credentials to write with: entries then stay owed. */
export function openWriteBacks(deps: AppDeps, parts: Parts): WorkLoop | undefined {
  const { clock, config, logger, secrets } = deps;
  if (config.githubAppId === undefined && secrets.githubToken() === undefined) return undefined;
  const { repositoryWriter: writer } = parts.github;
  return buildWriteBackLoop({ clock, logger, source: parts.source, writer, owed: parts.store.writeBacks });
}

/** What a version says of itself, for whoever asks. */
export function openReadChangelog({ clock, logger }: AppDeps, parts: Parts): Operations['readChangelog'] {
  const { pipeline, registry, source, store } = parts;
  return buildReadChangelog({
    ...pipeline.changelog,
    clock,
    logger,
    source,
    files: registry,
    registry: pipeline.registry,
    repositories: store.repositories,
    ledger: store.ledger,
    findHead: async ({ id, slug }, signal) =>
      (await source.resolve({ id, slug, ref: undefined, branches: [] }, signal)).commit,
  });
}
