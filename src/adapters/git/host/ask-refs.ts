import type { Slug } from '../../../domain/repository/repository.ts';
import { askHost, packetLine } from './ask-host.ts';
import type { RemoteDeps } from './fetch.ts';

export interface RemoteRefs {
  /** Undefined when the repository is empty. */
  readonly defaultBranch: string | undefined;
  /** Object ids by full ref name, including HEAD. The target of an annotated tag is under its name plus `^{}`. */
  readonly refs: ReadonlyMap<string, string>;
}

const answerMaxBytes = 4 * 1024 * 1024;
const flush = '0000';

/**
 * Returns HEAD and every ref whose full name begins with one of the prefixes, in one protocol v2 request. Returns
 * `not-understood` for another response of git's, such as that of an older protocol, and undefined when there is none; the
 * caller diagnoses both with `git ls-remote`. Throws what askHost throws.
 */
export async function askRefs(
  deps: RemoteDeps,
  slug: Slug,
  prefixes: readonly string[],
  signal: AbortSignal,
): Promise<RemoteRefs | 'not-understood' | undefined> {
  const wanted = ['HEAD', ...prefixes].map((prefix) => packetLine(`ref-prefix ${prefix}\n`));
  const options = [packetLine('peel\n'), packetLine('symrefs\n'), ...wanted].join('');
  const body = `${packetLine('command=ls-refs\n')}0001${options}${flush}`;
  const answer = await askHost(deps, { slug, body, maxBytes: answerMaxBytes }, signal);
  return answer === undefined ? undefined : (parseRefs(answer) ?? 'not-understood');
}

/** Returns undefined for a truncated response, an error, or a response that violates gitprotocol-v2 for `ls-refs`. */
export function parseRefs(answer: Buffer): RemoteRefs | undefined {
  const found = readLines(answer)?.map(readRef);
  if (found?.every((ref) => ref !== undefined) !== true) return undefined;
  const refs = new Map<string, string>();
  for (const { name, oid, peeled } of found) {
    refs.set(name, oid);
    if (peeled !== undefined) refs.set(`${name}^{}`, peeled);
  }
  return { defaultBranch: found.find(({ name }) => name === 'HEAD')?.branch, refs };
}

interface Ref {
  readonly name: string;
  readonly oid: string;
  /** What an annotated tag stands for. */
  readonly peeled: string | undefined;
  /** The branch that a symbolic ref names. */
  readonly branch: string | undefined;
}

function readRef(line: string): Ref | undefined {
  const [, oid, name, attributes = ''] = /^([0-9a-f]{40}) ([^ ]+)((?: [^ ]+)*)$/.exec(line) ?? [];
  if (oid === undefined || name === undefined) return undefined;
  const peeled = / peeled:([0-9a-f]{40})/.exec(attributes)?.[1];
  return { name, oid, peeled, branch: / symref-target:refs\/heads\/([^ ]+)/.exec(attributes)?.[1] };
}

/** Returns the packet lines up to the flush packet; undefined when there is none, or something else in between. */
function readLines(answer: Buffer): readonly string[] | undefined {
  const lines: string[] = [];
  for (let at = 0; ; ) {
    const length = answer.toString('latin1', at, at + 4);
    if (length === flush) return lines;
    if (!/^[0-9a-f]{4}$/.test(length)) return undefined;
    const end = at + Number.parseInt(length, 16);
    if (end < at + 4 || end > answer.length) return undefined;
    lines.push(answer.toString('utf8', at + 4, end).replace(/\n$/, ''));
    at = end;
  }
}
