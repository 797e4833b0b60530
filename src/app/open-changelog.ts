import type { GitPorts } from '../adapters/git/git-source.ts';
import { buildGeminiChangelog } from '../adapters/wording/gemini-changelog.ts';
import { buildWriteBackLoop } from '../publisher/changelog/write-back/write-back-loop.ts';
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

/** Returns undefined without credentials to write with: entries then stay pending. */
export function openWriteBacks(deps: AppDeps, parts: Parts): WorkLoop | undefined {
  const { clock, logger } = deps;
  if (!hasGitHubCredentials(deps)) return undefined;
  const { repositoryWriter: writer } = parts.github;
  const { writeBacks, ownBranches, audit, outbox } = parts.store;
  return buildWriteBackLoop({
    clock,
    logger,
    source: parts.source,
    writer,
    writeBacks,
    ownBranches,
    audit,
    outbox,
  });
}

/** Returns true when there are credentials to write to GitHub with. */
export function hasGitHubCredentials({ config, secrets }: AppDeps): boolean {
  return config.githubAppId !== undefined || secrets.githubToken() !== undefined;
}
