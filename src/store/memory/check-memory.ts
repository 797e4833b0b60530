import type { DailyCheck } from '../../domain/announcement/daily-check.ts';
import type { CheckMemory } from '../../ports/memory.ts';
import { fromJson, type StoreContext, toJson } from '../engine/context.ts';

const rowsPerStatement = 200;

/** Remembers the results of checks for one registry: another registry has other packages. */
export function buildCheckMemory(context: StoreContext): CheckMemory {
  const { db, redact, registry } = context;
  return {
    findLast: async () => {
      const row = await db
        .selectFrom('daily_checks')
        .select('result')
        .where('registry', '=', registry)
        .executeTakeFirst();
      return row === undefined ? undefined : fromJson<DailyCheck>(row.result);
    },
    listNames: async () => {
      const rows = await db
        .selectFrom('checked_names')
        .select(['name', 'latest', 'repository', 'at_head'])
        .where('registry', '=', registry)
        .execute();
      return rows.map((row) => ({
        name: row.name,
        latest: row.latest ?? undefined,
        repository: row.repository ?? undefined,
        atHead: row.at_head ?? undefined,
      }));
    },
    save: async (check, names) =>
      db.transaction().execute(async (trx) => {
        await trx
          .replaceInto('daily_checks')
          .values({ registry, result: toJson(context, check) })
          .execute();
        await trx.deleteFrom('checked_names').where('registry', '=', registry).execute();
        for (let from = 0; from < names.length; from += rowsPerStatement) {
          const rows = names.slice(from, from + rowsPerStatement).map((known) => ({
            registry,
            name: redact(known.name),
            latest: known.latest === undefined ? null : redact(known.latest),
            repository: known.repository ?? null,
            at_head: known.atHead ?? null,
          }));
          await trx.replaceInto('checked_names').values(rows).execute();
        }
      }),
  };
}
