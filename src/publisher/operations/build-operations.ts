import type { ExceptionResult } from '../../ports/preflight.ts';
import { changeRepository } from './change-repository.ts';
import type { OperationsDeps } from './deps.ts';
import { describeJob, describeOverview, describePackage, describeRepository } from './describe.ts';
import { listAudit } from './list-audit.ts';
import { listDrift, refreshDrift } from './list-drift.ts';
import type { Operations } from './operations.ts';
import { planPublish } from './plan-publish.ts';
import { proposeFix } from './propose-fix.ts';
import { removeRepository } from './remove-repository.ts';
import { requestDispatcher } from './request-dispatcher.ts';
import { requestPublish } from './request-publish.ts';
import { scanRepository } from './scan-repository.ts';
import { setOwner } from './set-owner.ts';

const longestAudited = 200;

/** What people ask of the publisher: one file per use case, assembled here. */
export function buildOperations(deps: OperationsDeps): Operations {
  return {
    requestPublish: async (request) => requestPublish(deps, request),
    planPublish: async (request, signal, onProgress) => planPublish(deps, request, signal, onProgress),
    scanRepository: async (address, by, signal) => scanRepository(deps, address, by, signal),
    changeRepository: async (slug, settings, by) => changeRepository(deps, slug, settings, by),
    removeRepository: async (slug, by) => removeRepository(deps, slug, by),
    requestDispatcher: async (request, signal) => requestDispatcher(deps, request, signal),
    setOwner: async (name, slug, by) => setOwner(deps, name, slug, by),
    describeOverview: async () => describeOverview(deps),
    describePackage: async (name) => describePackage(deps, name),
    describeRepository: async (slug) => describeRepository(deps, slug),
    describeJob: async (job) => describeJob(deps, job),
    readChangelog: deps.readChangelog,
    regenerateChangelog: deps.regenerateChangelog,
    publishAnyway: async (request) => thenWake(deps, deps.exceptions.publishAnyway(request)),
    allowSecrets: async (request) => thenWake(deps, deps.exceptions.allowSecrets(request)),
    proposeFix: async (job, by, signal) => proposeFix(deps, job, by, signal),
    listAudit: async (id, beside) => listAudit(deps, id, beside),
    listDrift: async (repository) => listDrift(deps, repository),
    refreshDrift: async (repository, onProgress, signal) =>
      refreshDrift(deps, repository, onProgress, signal),
    listScheduledJobs: async () => deps.schedule.list(),
    runScheduledJob: async (name, by) => deps.schedule.runNow(name, by),
    turnScheduledJob: async (name, isOn, by) => deps.schedule.turn(name, isOn, by),
    auditRefusal: async (by, what) => {
      const subject = what.slice(0, longestAudited).toWellFormed();
      await deps.audit.append({ action: 'refused', actor: by, subject, facts: {} });
    },
  };
}

/** A job that was queued is claimed at once. */
async function thenWake(deps: OperationsDeps, asked: Promise<ExceptionResult>): Promise<ExceptionResult> {
  const result = await asked;
  if (result.kind === 'queued') deps.onAccepted();
  return result;
}
