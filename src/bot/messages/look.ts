import type { Embed, EmbedField } from '../../ports/chat.ts';
import { cut, limits } from '../text/text.ts';

export const colors = {
  published: 0x57f287,
  failed: 0xe74c3c,
  running: 0x5865f2,
  waiting: 0xf1c40f,
} as const;

/** Where links lead; both end in a slash or take one. */
export interface Links {
  /** UPM_REGISTRY, with a trailing slash. */
  readonly registryUrl: string;
  /** GITHUB_SERVER_URL, without one. */
  readonly gitServerUrl: string;
}

/** Shown one by one up to this many; more become a summary with a file. */
export const packagesShown = 10;

/** Recognises a message of ours again; the dispatch tells apart jobs of two databases. */
export function footerOf(job: number, repository: string, dispatchId: string, suffix = ''): string {
  return cut(`#${job} · ${repository} · ${dispatchId.slice(0, 8)}${suffix}`, limits.footer);
}

/** A masked link. Outside parts of the address were encoded and the text was made inert before. */
export function link(text: string, url: string): string {
  return `[${text}](${url.replaceAll('(', '%28').replaceAll(')', '%29')})`;
}

/** A version's page on the registry. Half a character cannot be encoded, and must not stop a message. */
export function registryAddress(links: Links, name: string, version: string): string {
  const [encodedName, encodedVersion] = [name, version].map((part) =>
    encodeURIComponent(part.toWellFormed()),
  );
  return `${links.registryUrl}${encodedName}/${encodedVersion}`;
}

export function commitLink(links: Links, repository: string, commit: string): string {
  return link(`\`${commit.slice(0, 7)}\``, `${links.gitServerUrl}/${repository}/commit/${commit}`);
}

export function field(name: string, value: string, inline = false): EmbedField {
  return {
    // Discord refuses a whole message for one blank field.
    name: cut(name.trim() === '' ? '—' : name, limits.fieldName),
    value: cut(value.trim() === '' ? '—' : value, limits.fieldValue),
    inline,
  };
}

/** As many fields as the embed has room for beside `reserved` characters; how many did not fit. */
export function withFields(
  embed: Embed,
  fields: readonly EmbedField[],
  reserved = 0,
): { readonly embed: Embed; readonly left: number } {
  let room = limits.embedTotal - sizeOf(embed) - reserved;
  const taken: EmbedField[] = [];
  for (const item of fields) {
    const size = item.name.length + item.value.length;
    if (size > room || embed.fields.length + taken.length >= limits.fields) break;
    room -= size;
    taken.push(item);
  }
  return { embed: { ...embed, fields: [...embed.fields, ...taken] }, left: fields.length - taken.length };
}

/** What counts toward the 6,000. */
export function sizeOf(embed: Embed): number {
  const fields = embed.fields.reduce((sum, item) => sum + item.name.length + item.value.length, 0);
  return embed.title.length + embed.description.length + embed.footer.length + fields;
}

/** Package names as they stand in lists: short ones whole, monsters cut. */
export const nameMax = 120;
