import type { CheckRequest } from '../ports/github.ts';
import type { WorkLoop } from '../publisher/pacing/work-loop.ts';
import { buildCheckLoop } from '../publisher/watch/checks/check-loop.ts';
import { hasGitHubCredentials } from './open-changelog.ts';
import { openPullSource } from './open-github.ts';
import { openPrepare, openPrepareFrom } from './open-pipeline.ts';
import type { AppDeps, Parts } from './parts.ts';

/** Shows plans of heads as checks of their commits; not started yet. */
export interface Checks extends WorkLoop {
  readonly request: (request: CheckRequest) => Promise<void>;
}

/** Assembles the checks; without credentials for the git host's API no check is requested. */
export function openChecks(deps: AppDeps, parts: Parts, isBusy: () => boolean): Checks {
  const { clock, logger } = deps;
  const { github, looks, pipeline, store } = parts;
  const { checkRequests: requests, repositories } = store;
  const pulls = openPullSource(deps, github.credentials, pipeline.volume);
  const { checks } = github;
  const loop = buildCheckLoop({
    clock,
    logger,
    requests,
    checks,
    repositories,
    prepare: openPrepare(pipeline),
    prepareFrom: (source) => openPrepareFrom(pipeline, source),
    looks,
    pulls,
    isBusy,
  });
  return {
    ...loop,
    request: async (request) => {
      if (!hasGitHubCredentials(deps)) return;
      if (await requests.request(request)) loop.wake();
    },
    stop: async () => {
      await loop.stop();
      await pulls.stop();
    },
  };
}
