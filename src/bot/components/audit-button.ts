import type { ComponentHandler } from '../interactions/command.ts';
import { refuse } from '../messages/refusals.ts';
import { auditAction, buildAuditPage, parseAuditPlace } from '../pages/audit-page.ts';
import { olderVersion } from '../pages/proposals.ts';

/** Shows operators the audit trail: the newest page from /status, and the neighbouring pages from there. */
export const auditButton: ComponentHandler = {
  action: auditAction,
  access: 'operators',
  press: async ({ operations, clock }, { id }) => {
    const wanted = parseAuditPlace(id);
    if (wanted === undefined) return olderVersion;
    const answer = await operations.listAudit(wanted.of, wanted.beside);
    if (answer.kind !== 'audit') return { aside: refuse(answer) };
    const page = buildAuditPage(answer, wanted.of, clock.now());
    return wanted.beside === undefined ? { aside: page } : { replace: page };
  },
};
