import { failure } from '../../domain/failure/failure.ts';
import { failed } from '../../domain/job/package-result.ts';
import type { PackageResult } from '../../domain/job/report.ts';
import type { Intent } from '../../ports/catalog.ts';
import type { VersionToIndex } from '../../ports/preflight.ts';
import type { PutAnswer } from '../../ports/registry.ts';
import type { Run } from '../run/pipeline.ts';
import { confirmSent } from './confirm.ts';
import type { CommitPackageDeps, RecordDeps, SendDeps } from './deps.ts';
import type { PackageRun } from './package-run.ts';
import type { PackedPackage, PreparedPackage } from './prepare-package.ts';
import { recordStored, settleTags } from './record-stored.ts';
import { sendUnlessRefused } from './refused-uploads.ts';
import { sendOnce } from './send.ts';

/**
 * Takes a prepared package to the registry: records the intent, sends the same bytes and reads them back. The process
 * may die after any step; the next run finds the intent and continues from what the registry shows. Throws Outage.
 */
export async function commitPackage(
  deps: CommitPackageDeps,
  run: Run,
  prepared: PreparedPackage,
): Promise<PackageRun> {
  if (prepared.kind === 'settled') return { kind: 'result', result: prepared.result };
  if (prepared.kind === 'found') {
    const { outcome, stored } = prepared.confirmed;
    // Dist-tags are left alone: a higher version may have been published since.
    if (stored !== undefined) await recordStored(deps.record, stored.intent);
    return outcome;
  }
  return publish(deps, run, prepared);
}

async function publish(deps: CommitPackageDeps, run: Run, packed: PackedPackage): Promise<PackageRun> {
  const { draft, indexed, plan, recorded, result } = packed;
  const intent =
    recorded ??
    (await run.stage('record-intent', draft.name, async () => deps.record.ledger.recordIntent(draft)));
  if (isStillLanding(deps.send, intent)) return readBack(deps, run, intent, result, undefined);
  if (intent.state === 'accepted') return giveUpOn(deps.record, intent, result);
  const outcome = await sendUnlessRefused(deps.send, run, intent, result, async () => {
    const sent = await run.stage('publish', draft.name, async () => sendOnce(deps.send, run, plan, intent));
    const { answer } = sent;
    return { answer, outcome: await readBack(deps, run, sent.intent, result, answer) };
  });
  if (outcome.result.state === 'published') await keepIndexed(deps.record, run, indexed);
  return outcome;
}

async function readBack(
  { readBack: reading, record }: CommitPackageDeps,
  run: Run,
  intent: Intent,
  result: PackageResult,
  answer: PutAnswer | undefined,
): Promise<PackageRun> {
  return run.stage('read-back', intent.name, async () => {
    const { outcome, stored } = await confirmSent(reading, run, intent, result, answer);
    if (stored === undefined) return outcome;
    await recordStored(record, stored.intent);
    return { kind: 'result', result: await settleTags(record, run, stored, outcome.result) };
  });
}

/**
 * Indexes a published version. If saving fails, the version is read from the registry on demand or by the scheduled
 * job.
 */
async function keepIndexed(
  deps: Pick<RecordDeps, 'index' | 'logger'>,
  run: Run,
  indexed: VersionToIndex | undefined,
): Promise<void> {
  if (indexed === undefined) return;
  await deps.index.save(indexed).catch((error: unknown) => {
    deps.logger.warn('a version could not be indexed', { job: run.job.number, package: indexed.name, error });
  });
}

function isStillLanding({ clock }: Pick<SendDeps, 'clock'>, intent: Intent): boolean {
  const { mayLandUntil, state } = intent;
  // A refused upload never lands, even if a clock that was ahead set its window.
  return state !== 'refused' && mayLandUntil !== null && mayLandUntil > clock.now();
}

/** The registry accepted the upload and never showed it: a person has to look before anything is sent again. */
async function giveUpOn(
  deps: Pick<RecordDeps, 'ledger'>,
  intent: Intent,
  result: PackageResult,
): Promise<PackageRun> {
  await deps.ledger.markIntent(intent.id, 'refused', intent.mayLandUntil);
  const detail = 'not visible within 10 minutes';
  return { kind: 'result', result: failed(result, failure('registry-did-not-store', { detail })) };
}
