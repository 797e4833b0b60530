import type { RepositoryId } from '../../domain/repository/repository.ts';
import type { AuditCursor, AuditPage } from '../../ports/audit.ts';
import { type NotFound, notFound } from './answers.ts';
import type { Uses } from './core.ts';

/** See AuditPage. */
export interface AuditAnswer extends AuditPage {
  readonly kind: 'audit';
  /** Undefined for the audit trail of everything. */
  readonly repository: string | undefined;
}

const rowsPerPage = 10;

/** Lists a page of the audit trail, newest first, of one repository or of everything; `beside` is a row of another page. */
export async function listAudit(
  { audit, repositories }: Uses<{ audit: 'pages'; repositories: 'all' }>,
  id: RepositoryId | undefined,
  beside: AuditCursor | undefined,
): Promise<AuditAnswer | NotFound> {
  const repository = id === undefined ? undefined : await repositories.all.find(id);
  if (id !== undefined && repository === undefined) return notFound('repository', `${id}`, []);
  const page = await audit.pages.listPage({
    limit: rowsPerPage,
    ...(repository === undefined ? {} : { about: repository }),
    ...(beside === undefined ? {} : { beside }),
  });
  return { kind: 'audit', repository: repository?.slug, ...page };
}
