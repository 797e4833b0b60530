import type { EntryItem, WordedBy } from '../../../domain/changelog/changelog.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { ChangelogWording, PackageToWord, WordingAnswer } from '../../../ports/wording.ts';
import type { ChangelogWords } from '../deps.ts';
import type { Change } from '../history/fold-commits.ts';
import { type Origin, writeItems } from '../write-back/write-items.ts';
import { checkWording } from './check-wording.ts';

export interface ToWord {
  readonly name: string;
  readonly version: string;
  readonly changes: readonly Change[];
}

export interface Worded {
  readonly items: readonly EntryItem[];
  readonly wordedBy: WordedBy;
  /** Why the words of a model that is set up are not used. Completes "the model …". */
  readonly fallback: string | undefined;
}

/** The model and its time limit; the clock is the pipeline's. */
export type WordingDeps = Pick<ChangelogWords, 'budgetMs' | 'wording'> & { readonly clock: Clock };

const textMax = 600;
const readMax = 4 * textMax;
/** Largest request in characters; a hundred packages with a few commits each fit. */
const requestMax = 150_000;
const requestsMax = 5;

/**
 * Words the items of all packages of a dispatch, in order. Puts as many packages into one request to the model as
 * fit; never fails.
 */
export async function wordEntries(
  deps: WordingDeps,
  packages: readonly ToWord[],
  origin: Origin,
  signal: AbortSignal,
): Promise<readonly Worded[]> {
  const byRule = (fallback?: string): readonly Worded[] =>
    packages.map(({ changes }) => ({ items: writeItems(changes, origin), wordedBy: 'commits', fallback }));
  if (deps.wording === undefined || packages.every(({ changes }) => changes.length === 0)) return byRule();
  const numbered = numberChanges(packages);
  const requests = splitRequests(numbered.map(({ toWord }) => toWord(origin.redact)));
  if (requests.length > requestsMax) return byRule('would have to read too many commits');
  const answers = await askWithin(deps, deps.wording, requests, signal);
  return numbered.map(({ id, changes }) => {
    if (changes.size === 0) return { items: [], wordedBy: 'commits', fallback: undefined };
    const answer = answers.get(id);
    const items = writeItems([...changes.values()], origin);
    if (answer === undefined || answer.kind === 'unavailable') {
      return { items, wordedBy: 'commits', fallback: answer?.why ?? 'did not answer' };
    }
    const checked = checkWording(answer.items.get(id) ?? [], changes, origin);
    if (checked.isUsed) return { items: checked.items, wordedBy: 'model', fallback: undefined };
    return { items, wordedBy: 'commits', fallback: 'wrote nothing that the commits bear out' };
  });
}

interface Numbered {
  readonly id: number;
  readonly changes: ReadonlyMap<number, Change>;
  readonly toWord: (redact: (text: string) => string) => PackageToWord;
}

function numberChanges(packages: readonly ToWord[]): readonly Numbered[] {
  let next = 1;
  return packages.map(({ name, version, changes }, index) => {
    const own = new Map(changes.map((change) => [next++, change]));
    return {
      id: index + 1,
      changes: own,
      toWord: (redact) => ({
        id: index + 1,
        name,
        version,
        changes: [...own].map(([number, change]) => ({ number, text: textOf(change, redact) })),
      }),
    };
  });
}

/**
 * Returns a commit's text for the model. Secrets are masked before it is cut: a cut through a secret would leave half
 * of it.
 */
function textOf({ commit }: Change, redact: (text: string) => string): string {
  const whole = `${commit.subject}\n${commit.body}`;
  // Cut at the end of a word, so that no half of a secret is left that nobody recognises.
  const start = whole.length <= readMax ? whole : whole.slice(0, readMax).replace(/\S+$/, '');
  const text = redact(start).trim();
  return text.length <= textMax ? text : text.slice(0, textMax).toWellFormed();
}

function splitRequests(packages: readonly PackageToWord[]): readonly (readonly PackageToWord[])[] {
  const requests: PackageToWord[][] = [];
  let room = 0;
  for (const item of packages) {
    if (item.changes.length === 0) continue;
    const size = item.changes.reduce((sum, change) => sum + change.text.length + 20, item.name.length + 50);
    if (requests.length === 0 || size > room) {
      requests.push([]);
      room = requestMax;
    }
    requests.at(-1)?.push(item);
    room -= size;
  }
  return requests;
}

/** Returns the answers by package id. An answer that is late is not waited for. */
async function askWithin(
  deps: WordingDeps,
  wording: ChangelogWording,
  requests: readonly (readonly PackageToWord[])[],
  signal: AbortSignal,
): Promise<ReadonlyMap<number, WordingAnswer>> {
  const over = new AbortController();
  const done = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  const late: WordingAnswer = {
    kind: 'unavailable',
    why: `did not answer within ${Math.round(deps.budgetMs / 1000)} s`,
  };
  const timer = deps.clock
    .sleep(deps.budgetMs, AbortSignal.any([signal, done.signal]))
    .then(() => over.abort())
    .catch(() => undefined);
  const expired = new Promise<WordingAnswer>((resolve) => {
    either.addEventListener('abort', () => resolve(late), { once: true });
  });
  const answers = new Map<number, WordingAnswer>();
  await Promise.all(
    requests.map(async (request) => {
      const answer = await Promise.race([wording.word(request, either), expired]);
      for (const { id } of request) answers.set(id, over.signal.aborted ? late : answer);
    }),
  );
  done.abort();
  await timer;
  signal.throwIfAborted();
  return answers;
}
