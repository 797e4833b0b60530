import type { RepositoryId } from '../../domain/repository/repository.ts';
import type { AuditCursor } from '../../ports/audit.ts';
import type { Button } from '../../ports/chat.ts';
import type { AuditAnswer } from '../../publisher/operations/list-audit.ts';
import { buildButton } from '../components/button.ts';
import { type Reply, replyOf } from '../interactions/reply.ts';
import { colors } from '../messages/look.ts';
import { inert, limits, takeLines } from '../text/text.ts';
import { wordEntry } from './audit-line.ts';

/** The action in the custom ids of the page's buttons. */
export const auditAction = 'audit';

/** The page that a button leads to. */
export interface AuditPlace {
  /** The repository shown; everything when undefined. */
  readonly of: RepositoryId | undefined;
  /** The row that the page starts beside; the newest rows when undefined. */
  readonly beside: AuditCursor | undefined;
}

/** Builds one page of the audit trail, newest first, with buttons to its neighbours. */
export function buildAuditPage(answer: AuditAnswer, of: AuditPlace['of'], at: number): Reply {
  const { repository, rows, older, newer } = answer;
  const about = repository === undefined ? 'everything' : inert(repository, 200);
  const lines = takeLines(rows.map(wordEntry), limits.description).text;
  const nothing =
    older === undefined ? 'Nothing was done.' : 'Nothing among these rows; there are older ones.';
  return replyOf({
    embeds: [
      {
        title: `📒 Audit of ${about}`,
        color: colors.running,
        description: lines === '' ? nothing : lines,
        fields: [],
        footer: 'All of it as a file: npm run audit',
        at,
      },
    ],
    buttons: older === undefined && newer === undefined ? [] : buildTurns(of, newer, older),
  });
}

function buildTurns(
  of: AuditPlace['of'],
  newer: number | undefined,
  older: number | undefined,
): readonly Button[] {
  // Discord requires unique custom ids within a message, even of disabled buttons.
  const turn = (label: string, side: AuditCursor['side'], id: number | undefined): Button => ({
    ...buildAuditButton({ of, beside: { side, id: id ?? 0 } }),
    label,
    disabled: id === undefined,
  });
  return [turn('◀ Newer', 'newer', newer), turn('Older ▶', 'older', older)];
}

/** Builds a button to a page; below /status, to the newest rows. */
export function buildAuditButton({ of, beside }: AuditPlace): ReturnType<typeof buildButton> {
  const place = beside === undefined ? 'newest' : `${beside.side}-${beside.id}`;
  return buildButton(auditAction, `${of ?? 'all'}-${place}`, 'Audit…');
}

/** Returns undefined for ids that are not ours. */
export function parseAuditPlace(id: string): AuditPlace | undefined {
  const [, of, place, side, row] = /^(all|[1-9]\d{0,14})-(newest|(older|newer)-(\d{1,15}))$/.exec(id) ?? [];
  if (of === undefined || place === undefined) return undefined;
  return {
    of: of === 'all' ? undefined : (Number(of) as RepositoryId),
    beside: side === undefined ? undefined : { side: side as AuditCursor['side'], id: Number(row) },
  };
}
