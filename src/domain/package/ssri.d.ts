declare module 'ssri' {
  interface Hash {
    readonly algorithm: string;
    /** Base64, as it was written. */
    readonly digest: string;
    hexDigest(): string;
  }
  interface Hashes {
    readonly [algorithm: string]: readonly Hash[] | undefined;
  }
  const ssri: {
    /** Returns hashes by algorithm; text that is no hash is left out. Null for an empty text. */
    parse(integrity: string): (Hashes & { toString(): string }) | null;
    fromHex(digest: string, algorithm: string): { toString(): string };
  };
  export = ssri;
}
