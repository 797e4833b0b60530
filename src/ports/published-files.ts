/** What versions on the registry hold. */
export interface PublishedFiles {
  /**
   * A text at the root of a version's tarball, its name compared without case; undefined when the version or the file is
   * not there, or is larger than a text should be. The tarball's integrity is checked. Throws Outage('registry'), and
   * PublishError published-copy-differs.
   */
  findText(name: string, version: string, file: string, signal: AbortSignal): Promise<string | undefined>;
}
