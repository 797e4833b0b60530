/** `sha512-<base64>` (W3C Subresource Integrity); a registry may show several hashes, also weaker ones. */
export type Integrity = string & { readonly __brand: 'Integrity' };

export interface PublishedVersion {
  readonly version: string;
  readonly integrity: Integrity | undefined;
  /**
   * The tarball's address as the registry says; left out where it is the address that every npm registry uses:
   * `<name>/-/<name>-<version>.tgz`.
   */
  readonly tarball?: string | undefined;
}

/** What we read of the registry's document for a name. A name that the registry does not have has no packument. */
export interface Packument {
  readonly name: string;
  /** Versions by version string; only entries that parse as semantic versions. */
  readonly versions: ReadonlyMap<string, PublishedVersion>;
  readonly distTags: Readonly<Record<string, string>>;
  /** The `repository` of the newest version, as a URL, when the registry shows one. */
  readonly repositoryUrl: string | undefined;
}
