import type { Embed, EmbedField } from '../../ports/chat.ts';
import { cut, limits } from '../text/text.ts';

export const colors = {
  published: 0x57f287,
  failed: 0xe74c3c,
  running: 0x5865f2,
  waiting: 0xf1c40f,
} as const;

/** The addresses that links start with. */
export interface Links {
  /** UPM_REGISTRY, with a trailing slash. */
  readonly registryUrl: string;
  /** GITHUB_SERVER_URL, without one. */
  readonly gitServerUrl: string;
}

/** Up to this many packages are shown one by one; more become a summary with a file. */
export const packagesShown = 10;

/**
 * Builds the footer by which we find our own message again; the dispatch id tells apart equal job numbers of two
 * databases.
 */
export function footerOf(job: number, repository: string, dispatchId: string, suffix = ''): string {
  return cut(`#${job} · ${repository} · ${dispatchId.slice(0, 8)}${suffix}`, limits.footer);
}

/** Builds a masked link. The caller has encoded outside parts of the URL and made the text inert. */
export function link(text: string, url: string): string {
  return `[${text}](${url.replaceAll('(', '%28').replaceAll(')', '%29')})`;
}

/**
 * Returns the URL of a version's page on the registry. A split surrogate pair cannot be encoded, and must not stop a
 * message.
 */
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
    // Discord rejects the whole message for one blank field.
    name: cut(name.trim() === '' ? '—' : name, limits.fieldName),
    value: cut(value.trim() === '' ? '—' : value, limits.fieldValue),
    inline,
  };
}

/** Adds as many fields as the embed has room for beside `reserved` characters; `left` counts the rest. */
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

/** Returns the size that counts toward Discord's limit of 6,000 characters. */
export function sizeOf(embed: Embed): number {
  const fields = embed.fields.reduce((sum, item) => sum + item.name.length + item.value.length, 0);
  return embed.title.length + embed.description.length + embed.footer.length + fields;
}

/** Package names in lists are cut at this length. */
export const nameMax = 120;
