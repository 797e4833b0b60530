import { createHash } from 'node:crypto';
import type { DriftKind, DriftRow } from '../../domain/package/drift.ts';
import type { Button, Embed } from '../../ports/chat.ts';
import type { DriftAnswer } from '../../publisher/operations/list-drift.ts';
import { buildButton } from '../components/button.ts';
import { buildComponentId } from '../components/custom-id.ts';
import { type Reply, replyOf, type Select, say, selectMax } from '../interactions/reply.ts';
import { colors } from '../messages/look.ts';
import { driftOrder, driftWords } from '../messages/signs.ts';
import { cut, inert, plainLine, wordAgo } from '../text/text.ts';
import { wordDrift } from './drift-line.ts';

/** Ten lines of at most about 340 characters and their headings fit into an embed. */
const entriesPerPage = 10;

interface Entry {
  readonly kind: DriftKind;
  readonly line: string;
  /** The rows that can be published. */
  readonly publishable: readonly DriftRow[];
}

/** Builds one page of drift, with a menu of what can be published. `list` is the id its buttons carry. */
export function buildDriftPage(
  answer: DriftAnswer,
  wantedPage: number,
  list: number | undefined,
  at: number,
): Reply {
  const entries = listEntries(answer.rows);
  if (entries.length === 0 || list === undefined) return say(wordNothing(answer));
  const pages = Math.ceil(entries.length / entriesPerPage);
  const page = Math.min(Math.max(wantedPage, 0), pages - 1);
  const shown = entries.slice(page * entriesPerPage, (page + 1) * entriesPerPage);
  const publishable = entries.reduce((sum, entry) => sum + entry.publishable.length, 0);
  const embed: Embed = {
    title: publishable > 0 ? `📋 ${publishable} unpublished` : '📋 Nothing to publish, but not all is equal',
    color: publishable > 0 ? colors.waiting : colors.running,
    description: [wordSummary(answer), ...wordEntries(shown, answer)].join('\n'),
    fields: [],
    footer: `Page ${page + 1} of ${pages}`,
    at,
  };
  const chosen = shown.flatMap((entry) => entry.publishable);
  return replyOf({
    embeds: [embed],
    selects: chosen.length === 0 ? [] : [buildMenu(list, page, chosen)],
    buttons: pages === 1 ? [] : buildTurns(list, page, pages),
  });
}

function wordNothing({ checkedAt, summary }: DriftAnswer): string {
  const isUnseen = checkedAt === undefined && summary.equal === 0;
  return isUnseen
    ? 'Nothing was looked at yet. Run it again with `refresh`.'
    : `✅ Everything is published.${checkedAt === undefined ? '' : ` Checked ${wordAgo(checkedAt)}.`}`;
}

/** Lists entries in groups, most urgent first; a name that several repositories hold is one entry. */
function listEntries(rows: readonly DriftRow[]): readonly Entry[] {
  return driftOrder
    .filter((kind) => kind !== 'equal' && kind !== 'excluded')
    .flatMap((kind) => {
      const ofKind = rows.filter((row) => row.kind === kind);
      if (kind === 'duplicate-owner') return listDuplicates(ofKind);
      return ofKind.map((row) => ({
        kind,
        line: wordDrift(row, { withRepository: true }),
        publishable: row.isPublishable ? [row] : [],
      }));
    });
}

const holdersShown = 3;

function listDuplicates(rows: readonly DriftRow[]): readonly Entry[] {
  return [...Map.groupBy(rows, (row) => row.name)].map(([name, held]) => {
    const [only] = held;
    if (only !== undefined && held.length === 1) {
      // The row's detail names the other holders.
      return { kind: 'duplicate-owner', line: wordDrift(only, { withRepository: true }), publishable: [] };
    }
    const holders = [...new Set(held.map((row) => row.repository))];
    const shown = holders.slice(0, holdersShown).map((holder) => inert(holder, 60));
    const more = holders.length > holdersShown ? ` and ${holders.length - holdersShown} more` : '';
    const line = `${driftWords['duplicate-owner'].sign} **${inert(name, 110)}** · ${shown.join(', ')}${more}`;
    return { kind: 'duplicate-owner', line, publishable: [] };
  });
}

function wordEntries(entries: readonly Entry[], { summary }: DriftAnswer): readonly string[] {
  return [...Map.groupBy(entries, (entry) => entry.kind)].flatMap(([kind, ofKind]) => [
    `**${driftWords[kind].words}** (${summary[kind]})`,
    ...ofKind.map((entry) => entry.line),
  ]);
}

function wordSummary({ summary, checkedAt }: DriftAnswer): string {
  const counts = driftOrder
    .filter((kind) => summary[kind] > 0)
    .map((kind) => `${driftWords[kind].sign} ${summary[kind]}`);
  const checked =
    checkedAt === undefined ? 'not everything was looked at yet' : `checked ${wordAgo(checkedAt)}`;
  return `${counts.join(' · ')} · ${checked}`;
}

function buildMenu(list: number, page: number, rows: readonly DriftRow[]): Select {
  return {
    id: buildComponentId('pick', `${list}-${page}`),
    placeholder: 'Publish …',
    max: rows.length,
    options: rows.map((row) => ({
      value: keyOfRow(row),
      label: cut(plainLine(row.name), selectMax.text) || '—',
      description: cut(plainLine(`${row.headVersion ?? ''} of ${row.repository}`), selectMax.text),
    })),
  };
}

/** Returns a short key of a row for a menu: a name can be longer than Discord allows. */
export function keyOfRow({ repository, path, name }: DriftRow): string {
  return createHash('sha256')
    .update(JSON.stringify([repository, path, name]))
    .digest('base64url')
    .slice(0, 22);
}

function buildTurns(list: number, page: number, pages: number): readonly Button[] {
  // Discord requires unique custom ids within a message, so disabled buttons have their own.
  const turn = (label: string, to: number): Button => {
    const disabled = to < 0 || to >= pages;
    const place = disabled ? `none${label === '◀' ? '0' : '1'}` : to;
    return buildButton('page', `${list}-${place}`, label, { disabled });
  };
  return [turn('◀', page - 1), turn('▶', page + 1)];
}

export interface DriftPlace {
  /** The id of the stored list. */
  readonly list: number;
  readonly page: number;
}

/** Returns the list and the page of a custom id; undefined when it has another form. */
export function parsePage(id: string): DriftPlace | undefined {
  const [, list, page] = /^([1-9]\d{0,14})-(\d{1,6})$/.exec(id) ?? [];
  return list === undefined ? undefined : { list: Number(list), page: Number(page) };
}
