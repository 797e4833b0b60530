import { z } from 'zod';
import type { Actor } from '../../domain/job/actor.ts';
import { describePackage } from '../../publisher/operations/describe.ts';
import { buildComponentId } from '../components/custom-id.ts';
import { code, cut, plainLine } from '../text/text.ts';
import type { BotContext } from './context.ts';
import { type Select, selectMax } from './reply.ts';

export const ownerKind = 'owner';
export const ownerShape = z.object({ name: z.string(), holders: z.array(z.string()) });

/**
 * Builds a menu of the repositories that hold a name; undefined when its owner is known or nobody holds it any more.
 */
export async function askForOwner(context: BotContext, name: string, by: Actor): Promise<Select | undefined> {
  const found = await context.ask(describePackage, name);
  if (found.kind !== 'package' || found.owner !== undefined) return undefined;
  const disputing = found.rows.filter((row) => row.kind === 'duplicate-owner');
  const holding = disputing.length > 0 ? disputing : found.rows;
  const holders = [...new Set(holding.map((row) => row.repository))].slice(0, selectMax.options);
  if (holders.length === 0) return undefined;
  const id = await context.proposals.add(ownerKind, by, { name, holders });
  return {
    id: buildComponentId('owner', id),
    placeholder: `Owner of ${cut(plainLine(name), 120)} …`,
    max: 1,
    options: holders.map((holder, index) => ({
      value: String(index),
      label: cut(plainLine(holder), selectMax.text) || '—',
      description: '',
    })),
  };
}

/** Words how to decide a name when no menu can be shown. */
export function wordOtherWay(names: readonly string[]): string {
  const [first = ''] = names;
  return `No two repositories hold ${code(first, 220)} by now, or its owner is decided. Press Retry, or name the owner with \`/register edit\` and \`owns\`.`;
}
