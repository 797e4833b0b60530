import type { AuditLog } from '../../ports/audit.ts';
import { fromJson, type StoreContext } from '../engine/context.ts';
import { insertAudit } from './audit-rows.ts';

export function buildAudit(context: StoreContext): AuditLog {
  const { db } = context;
  return {
    append: async (entry) => insertAudit(context, db, entry),
    list: async (limit) => {
      const rows = await db.selectFrom('audit').selectAll().orderBy('id', 'desc').limit(limit).execute();
      return rows.map(({ at, action, actor, subject, facts }) => ({
        at,
        action,
        actor,
        subject,
        facts: fromJson(facts),
      }));
    },
  };
}
