import type { Selectable } from 'kysely';
import { scheduledRunKey } from '../../domain/announcement/announcement-keys.ts';
import type { Actor } from '../../domain/job/actor.ts';
import { judgeHealth } from '../../domain/job/job-health.ts';
import {
  type JobMemory,
  type RunCause,
  type RunEnding,
  type RunOutcome,
  recallRuns,
  type ScheduledRun,
} from '../../domain/schedule/scheduled-run.ts';
import type { NewRun, ScheduledRuns } from '../../ports/schedule.ts';
import { insertAnnouncement } from '../announcements/outbox-rows.ts';
import { insertAudit } from '../audit/audit-rows.ts';
import { type Db, fromJson, type StoreContext, toJson } from '../engine/context.ts';
import type { ScheduledRunTable } from './schedule-tables.ts';

/** Number of runs kept for each job; older ones are of no use. */
const keptRuns = 100;
const longestNote = 500;

export function buildScheduledRuns(context: StoreContext): ScheduledRuns {
  const { db, clock } = context;
  return {
    recover: async () => {
      const left = await db
        .updateTable('scheduled_runs')
        .set({ outcome: 'interrupted', ended_at: clock.now() })
        .where('ended_at', 'is', null)
        .returning('name')
        .execute();
      return left.map(({ name }) => name);
    },
    remember: async (name, schedule) =>
      db.transaction().execute(async (trx) => remember(context, trx, name, schedule)),
    begin: async (run) => db.transaction().execute(async (trx) => begin(context, trx, run)),
    end: async (id, ending) => db.transaction().execute(async (trx) => end(context, trx, id, ending)),
    list: async (name, limit) => {
      const rows = await selectRuns(db, name).limit(limit).execute();
      return rows.map(toRun);
    },
    turn: async (name, isOn, by) =>
      db.transaction().execute(async (trx) => turn(context, trx, name, isOn, by)),
  };
}

function selectRuns(db: Db, name: string) {
  return db.selectFrom('scheduled_runs').selectAll().where('name', '=', name).orderBy('id', 'desc');
}

async function remember({ clock }: StoreContext, db: Db, name: string, schedule: string): Promise<JobMemory> {
  const now = clock.now();
  await db
    .insertInto('scheduled_jobs')
    .values({ name, schedule, known_since: now, failing_since: null, is_turned_on: null })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
  await db
    .updateTable('scheduled_jobs')
    .set({ schedule, known_since: now })
    .where('name', '=', name)
    .where('schedule', '<>', schedule)
    .execute();
  const job = await db
    .selectFrom('scheduled_jobs')
    .selectAll()
    .where('name', '=', name)
    .executeTakeFirstOrThrow();
  const runs = (await selectRuns(db, name).limit(keptRuns).execute()).map(toRun);
  return {
    knownSince: job.known_since,
    ...recallRuns(runs),
    isTurnedOn: job.is_turned_on === null ? undefined : job.is_turned_on === 1,
  };
}

async function begin(
  context: StoreContext,
  db: Db,
  { name, cause, askedBy, dueAt }: NewRun,
): Promise<number> {
  const { id } = await db
    .insertInto('scheduled_runs')
    .values({
      name,
      cause,
      asked_by: askedBy === undefined ? null : context.redact(askedBy),
      due_at: dueAt,
      started_at: context.clock.now(),
      ended_at: null,
      outcome: null,
      counts: '{}',
      note: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  if (askedBy !== undefined) {
    const facts = { run: id };
    await insertAudit(context, db, { action: 'scheduled-job-asked', actor: askedBy, subject: name, facts });
  }
  return id;
}

async function turn(context: StoreContext, db: Db, name: string, isOn: boolean, by: Actor): Promise<void> {
  await db
    .updateTable('scheduled_jobs')
    // Restarts the count: due times that passed while the job was off were not missed.
    .set({ is_turned_on: isOn ? 1 : 0, known_since: context.clock.now() })
    .where('name', '=', name)
    .execute();
  const action = isOn ? 'scheduled-job-turned-on' : 'scheduled-job-turned-off';
  await insertAudit(context, db, { action, actor: by, subject: name, facts: {} });
}

async function end(context: StoreContext, db: Db, id: number, ending: RunEnding): Promise<void> {
  const now = context.clock.now();
  const note = ending.note === undefined ? null : context.redact(ending.note).slice(0, longestNote);
  const { name } = await db
    .updateTable('scheduled_runs')
    .set({ outcome: ending.outcome, ended_at: now, counts: toJson(context, ending.counts), note })
    .where('id', '=', id)
    .returning('name')
    .executeTakeFirstOrThrow();
  const job = await db
    .selectFrom('scheduled_jobs')
    .select('failing_since')
    .where('name', '=', name)
    .executeTakeFirst();
  const known = job?.failing_since ?? undefined;
  const { failingSince, notice } = judgeHealth(name, known, { ...ending, note: note ?? undefined }, now);
  await db
    .updateTable('scheduled_jobs')
    .set({ failing_since: failingSince ?? null })
    .where('name', '=', name)
    .execute();
  if (notice !== undefined) await insertAnnouncement(context, db, notice, scheduledRunKey(id));
  await forgetOld(db, name);
}

async function forgetOld(db: Db, name: string): Promise<void> {
  const kept = selectRuns(db, name).clearSelect().select('id').limit(keptRuns);
  await db.deleteFrom('scheduled_runs').where('name', '=', name).where('id', 'not in', kept).execute();
}

function toRun(row: Selectable<ScheduledRunTable>): ScheduledRun {
  return {
    id: row.id,
    name: row.name,
    cause: row.cause as RunCause,
    askedBy: row.asked_by ?? undefined,
    dueAt: row.due_at,
    startedAt: row.started_at,
    endedAt: row.ended_at ?? undefined,
    outcome: (row.outcome ?? undefined) as RunOutcome | undefined,
    counts: fromJson(row.counts),
    note: row.note ?? undefined,
  };
}
