import { renderPackage } from '../../domain/job/package-report.ts';
import type { PackageReport } from '../../domain/job/report.ts';
import { canPublishAnyway, listAllowableSecrets, listBlocking } from '../../domain/package/finding.ts';
import type { ExceptionRequest, ExceptionResult, PreflightExceptions } from '../../ports/preflight.ts';
import { insertAudit } from '../audit/audit-rows.ts';
import type { Db, StoreContext } from '../engine/context.ts';
import { listPackageResults } from '../jobs/job-rows.ts';
import { retryJob } from '../jobs/retries.ts';

export function buildPreflightExceptions(context: StoreContext): PreflightExceptions {
  const { db, registry } = context;
  const inTransaction = async (work: (trx: Db) => Promise<ExceptionResult>): Promise<ExceptionResult> =>
    db.transaction().execute(work);
  return {
    findOverride: async (name, version, commit) => {
      const row = await db
        .selectFrom('publish_overrides')
        .select(['actor', 'reason', 'findings'])
        .where('registry', '=', registry)
        .where('name', '=', name)
        .where('version', '=', version)
        .where('commit_sha', '=', commit)
        .executeTakeFirst();
      return row === undefined ? undefined : { by: row.actor, reason: row.reason, count: row.findings };
    },
    listAllowedSecrets: async (repositoryId, name) => {
      const rows = await db
        .selectFrom('allowed_secrets')
        .select('fingerprint')
        .where('registry', '=', registry)
        .where('repository_id', '=', repositoryId)
        .where('name', '=', name)
        .execute();
      return new Set(rows.map((row) => row.fingerprint));
    },
    publishAnyway: async (request) => inTransaction(async (trx) => publishAnyway(context, trx, request)),
    allowSecrets: async (request) => inTransaction(async (trx) => allowSecrets(context, trx, request)),
  };
}

/** Returns the dispatch and repository of a failed job; undefined when there is no such job. */
async function findOrigin(db: Db, job: number) {
  return db
    .selectFrom('jobs')
    .innerJoin('dispatches', 'dispatches.id', 'jobs.dispatch_id')
    .select(['commit_sha', 'jobs.repository_id'])
    .where('jobs.number', '=', job)
    .executeTakeFirst();
}

async function listPackages(db: Db, job: number): Promise<readonly PackageReport[]> {
  return (await listPackageResults(db, job)).map(renderPackage);
}

async function publishAnyway(
  context: StoreContext,
  db: Db,
  request: Parameters<PreflightExceptions['publishAnyway']>[0],
): Promise<ExceptionResult> {
  const origin = await findOrigin(db, request.job);
  if (origin === undefined) return { kind: 'unknown' };
  const packages = (await listPackages(db, request.job)).filter(
    (item) => canPublishAnyway(item) && request.names.includes(item.name),
  );
  if (packages.length === 0) return { kind: 'nothing-to-allow' };
  const result = await retryJob(context, db, request);
  if (result.kind !== 'queued') return result;
  for (const item of packages) {
    const { name, version } = item;
    const findings = listBlocking(item).length;
    const what = { registry: context.registry, name, version: version ?? '', commit_sha: origin.commit_sha };
    await db
      .replaceInto('publish_overrides')
      .values({ ...what, ...said(context, request), findings })
      .execute();
    const subject = `${name}@${version ?? ''}`;
    const facts = { reason: request.reason, commit: origin.commit_sha, findings, job: result.job };
    await insertAudit(context, db, { action: 'publish-anyway', actor: request.by, subject, facts });
  }
  return result;
}

async function allowSecrets(
  context: StoreContext,
  db: Db,
  request: Parameters<PreflightExceptions['allowSecrets']>[0],
): Promise<ExceptionResult> {
  const origin = await findOrigin(db, request.job);
  if (origin === undefined) return { kind: 'unknown' };
  const allowed = (await listPackages(db, request.job)).flatMap((item) =>
    listAllowableSecrets(item)
      .filter(({ fingerprint }) => request.fingerprints.includes(fingerprint))
      .map(({ fingerprint, file }) => ({ name: item.name, fingerprint, file: file ?? '' })),
  );
  if (allowed.length === 0) return { kind: 'nothing-to-allow' };
  const result = await retryJob(context, db, request);
  if (result.kind !== 'queued') return result;
  for (const { name, fingerprint, file } of allowed) {
    const what = { registry: context.registry, repository_id: origin.repository_id, name, fingerprint };
    await db
      .replaceInto('allowed_secrets')
      .values({ ...what, ...said(context, request) })
      .execute();
    const facts = { reason: request.reason, file, fingerprint, job: result.job };
    await insertAudit(context, db, { action: 'secret-allowed', actor: request.by, subject: name, facts });
  }
  return result;
}

function said({ redact, clock }: StoreContext, { by, reason }: ExceptionRequest) {
  return { actor: redact(by), reason: redact(reason), at: clock.now() };
}
