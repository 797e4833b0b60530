import type { StoreContext } from '../engine/context.ts';
import { buildAudit } from './audit.ts';
import { buildAuditPages } from './audit-pages.ts';
import { buildAuditRetention } from './audit-retention.ts';

/** Builds the parts of the store for the audit trail, under their names in `Store`. */
export function buildAuditParts(context: StoreContext) {
  return {
    audit: buildAudit(context),
    auditPages: buildAuditPages(context),
    auditRetention: buildAuditRetention(context),
  };
}
