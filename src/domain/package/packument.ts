/** `sha512-<base64>` (W3C Subresource Integrity); what a registry shows may be several hashes, also weaker ones. */
export type Integrity = string & { readonly __brand: 'Integrity' };

export interface PublishedVersion {
  readonly version: string;
  readonly integrity: Integrity | undefined;
  /** Where the registry says its tarball is; left out where every npm registry has it: `<name>/-/<name>-<version>.tgz`. */
  readonly tarball?: string | undefined;
}

/** What we read of the registry's document for a name. Absent names have none. */
export interface Packument {
  readonly name: string;
  /** By version string; only entries that parse as semantic versions. */
  readonly versions: ReadonlyMap<string, PublishedVersion>;
  readonly distTags: Readonly<Record<string, string>>;
  /** The `repository` of the newest version, as a URL, when the registry shows one. */
  readonly repositoryUrl: string | undefined;
}
