import type { Job } from '../../domain/job/report.ts';
import type { Db, StoreContext } from '../engine/context.ts';

interface Line {
  readonly id: number;
  readonly job: number;
  readonly attempt: number;
  readonly stage: string;
  readonly package: string | null;
  started_at: number;
  ended_at: number | null;
}

export interface StageLog {
  start(job: Job, stage: string, packageName: string | undefined): number;
  end(id: number): void;
  /** Moves the start of running stages by `stepMs` after the clock was set. */
  shift(stepMs: number): void;
  /** Writes what changed since the last flush, inside the caller’s transaction. */
  flush(db: Db): Promise<void>;
}

/**
 * Records the times of stages. They are shown but nothing depends on them, so they stay in memory and are written with
 * the next important transaction: a stage costs no disk flush of its own.
 */
export function buildStageLog(context: StoreContext, firstId: number): StageLog {
  let nextId = firstId;
  const open = new Map<number, Line>();
  const dirty = new Map<number, Line>();
  return {
    start: (job, stage, packageName) => {
      const id = nextId++;
      const line = {
        id,
        job: job.number,
        attempt: job.attempt,
        stage,
        package: packageName ?? null,
        started_at: context.clock.now(),
        ended_at: null,
      };
      open.set(id, line);
      dirty.set(id, line);
      return id;
    },
    end: (id) => {
      const line = open.get(id);
      if (line === undefined) return;
      line.ended_at = Math.max(line.started_at, context.clock.now());
      open.delete(id);
      dirty.set(id, line);
    },
    shift: (stepMs) => {
      for (const line of open.values()) line.started_at += Math.round(stepMs);
    },
    flush: async (db) => {
      const lines = [...dirty.values()].map((line) => ({ ...line }));
      dirty.clear();
      for (let from = 0; from < lines.length; from += linesPerStatement) {
        await db
          .insertInto('stage_log')
          .values(lines.slice(from, from + linesPerStatement))
          .onConflict((conflict) =>
            conflict.column('id').doUpdateSet((eb) => ({ ended_at: eb.ref('excluded.ended_at') })),
          )
          .execute();
      }
    },
  };
}

const linesPerStatement = 50;
