/** A package.json whose field types were checked; unknown fields are kept as they are. */
export interface UnityManifest {
  readonly name: string;
  readonly version: string;
  readonly private: boolean;
  readonly dependencies: Readonly<Record<string, string>>;
  /** Everything that was written, after removal of what must not travel. */
  readonly fields: Readonly<Record<string, unknown>>;
}
