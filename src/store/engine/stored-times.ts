import { sql } from 'kysely';
import { byHost } from '../../domain/job/actor.ts';
import { isDoubtfulStep, isInDoubt, longestWaitMs } from '../../domain/schedule/clock-doubt.ts';
import type { StoredTimes } from '../../ports/memory.ts';
import { insertAudit } from '../audit/audit-rows.ts';
import type { StageLog } from '../jobs/stage-log.ts';
import type { Db, StoreContext } from './context.ts';

interface Column {
  readonly table: string;
  readonly column: string;
  readonly where: string;
}

const alive = "status in ('queued','running')";
const ofAlive = `job in (select number from jobs where ${alive})`;

/** Times at which something is due. */
const dueTimes: readonly Column[] = [
  { table: 'jobs', column: 'not_before', where: "status = 'queued' and not_before > 0" },
  { table: 'outbox', column: 'not_before', where: 'sent_at is null and not_before > 0' },
  { table: 'inbox', column: 'not_before', where: 'handled_at is null and not_before > 0' },
  { table: 'check_requests', column: 'not_before', where: "state = 'waiting' and not_before > 0" },
  {
    table: 'changelog_write_backs',
    column: 'not_before',
    where: "state in ('owed','in-pull-request') and not_before > 0",
  },
];

/** Times since which something has been waiting for a neighbour. */
const patience: readonly Column[] = [
  { table: 'jobs', column: 'parked_since', where: "status = 'queued' and parked_since is not null" },
  { table: 'inbox', column: 'received_at', where: 'handled_at is null' },
  { table: 'holds', column: 'since', where: "state <> 'settled'" },
];

/** Times whose age decides something. */
const ages: readonly Column[] = [
  { table: 'intents', column: 'may_land_until', where: "state <> 'stored' and may_land_until is not null" },
  { table: 'check_requests', column: 'requested_at', where: "state = 'waiting'" },
  { table: 'proposals', column: 'created_at', where: 'taken_by is null' },
  { table: 'awaited_versions', column: 'looked_at', where: 'looked_at > 0' },
  { table: 'shadow_versions', column: 'recorded_at', where: "state = 'waiting'" },
  { table: 'shadow_unexpected', column: 'seen_at', where: 'told_at is null' },
];

/** Times at which unfinished work began. */
const beginnings: readonly Column[] = [
  { table: 'stage_log', column: 'started_at', where: ofAlive },
  { table: 'stage_log', column: 'ended_at', where: `${ofAlive} and ended_at is not null` },
  { table: 'attempts', column: 'started_at', where: ofAlive },
  { table: 'attempts', column: 'ended_at', where: `${ofAlive} and ended_at is not null` },
  { table: 'jobs', column: 'created_at', where: alive },
  { table: 'jobs', column: 'started_at', where: `${alive} and started_at is not null` },
  { table: 'outbox', column: 'created_at', where: 'sent_at is null' },
  { table: 'scheduled_runs', column: 'started_at', where: 'ended_at is null' },
];

/** The landing deadline, of the latest uploads only, because the table is kept for ever. */
const landing: Column = {
  table: 'intents',
  column: 'may_land_until',
  where: "state in ('sent','accepted') and id > (select max(id) from intents) - 1000",
};

const recentRows = 1_000;
const memoryKey = 'clock';
const doubtKey = 'clock-went-forth';

export function buildStoredTimes(
  context: StoreContext,
  stages: Pick<StageLog, 'flush' | 'shift'>,
): StoredTimes {
  const { db, clock } = context;
  return {
    shift: async (stepMs, follow) =>
      db.transaction().execute(async (trx) => {
        if (stepMs < 0) await moveBack(trx, stages, stepMs);
        await move(trx, [...dueTimes, ...patience, ...ages], stepMs);
        follow();
        // Written in this transaction: if the process is killed right after it, the next one must not correct the same
        // step again.
        await note(trx, memoryKey, clock.now());
        if (isDoubtfulStep(stepMs)) await note(trx, doubtKey, clock.now());
        const facts = { bySeconds: Math.round(stepMs / 1000) };
        await insertAudit(context, trx, { action: 'clock-set', actor: byHost, subject: 'process', facts });
      }),
    excuse: async (gapMs) =>
      db.transaction().execute(async (trx) => {
        await move(trx, patience, gapMs);
        if (isDoubtfulStep(gapMs)) await note(trx, doubtKey, clock.now());
      }),
    isDoubted: async () => {
      const wentForthAt = await findNoted(db, doubtKey);
      if (wentForthAt === undefined) return false;
      return isInDoubt(clock.now() - wentForthAt);
    },
    bound: async () => {
      const now = clock.now();
      let bounded = 0;
      for (const due of [...dueTimes, landing]) {
        const where = `${due.where} and ${due.column} > ${now + longestWaitMs}`;
        bounded += await update(db, { ...due, where }, sql`${now}`);
      }
      return bounded;
    },
    findLast: async () => findLast(db),
    remember: async (epochMs) => note(db, memoryKey, epochMs),
  };
}

/** Returns the newest of the noted time and the times of the last audit rows, since the note may be a minute old. */
async function findLast(db: Db): Promise<number | undefined> {
  const noted = await findNoted(db, memoryKey);
  const { rows } = await sql<{ at: number | null }>`
    with recent as (select id, at, action from audit order by id desc limit ${recentRows})
    select max(at) as at from recent
    where id > coalesce((select max(id) from recent where action = 'clock-set'), 0)
  `.execute(db);
  const written = rows[0]?.at ?? undefined;
  if (noted === undefined || written === undefined) return noted;
  return Math.max(noted, written);
}

async function note(db: Db, key: string, epochMs: number): Promise<void> {
  await db
    .replaceInto('bot_memory')
    .values({ key, value: String(epochMs) })
    .execute();
}

async function findNoted(db: Db, key: string): Promise<number | undefined> {
  const row = await db.selectFrom('bot_memory').select('value').where('key', '=', key).executeTakeFirst();
  return row === undefined ? undefined : Number(row.value);
}

async function moveBack(db: Db, stages: Pick<StageLog, 'flush' | 'shift'>, stepMs: number): Promise<void> {
  await stages.flush(db);
  await move(db, beginnings, stepMs);
  stages.shift(stepMs);
}

async function move(db: Db, columns: readonly Column[], stepMs: number): Promise<void> {
  const by = Math.round(stepMs);
  for (const moved of columns) await update(db, moved, sql`${sql.ref(moved.column)} + ${by}`);
}

/** Updates one column and returns the number of changed rows. */
async function update(
  db: Db,
  { table, column, where }: Column,
  value: ReturnType<typeof sql>,
): Promise<number> {
  const done =
    await sql`update ${sql.table(table)} set ${sql.ref(column)} = ${value} where ${sql.raw(where)}`.execute(
      db,
    );
  return Number(done.numAffectedRows ?? 0);
}
