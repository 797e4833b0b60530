/** What is said at a commit on the git host, beside its other checks. */
export interface CommitCheck {
  /** `failure`: something would be refused as it is. */
  readonly conclusion: 'success' | 'failure';
  /** One line of at most 140 characters, the longest that a commit status takes. */
  readonly title: string;
  /** Markdown; what came from the commit is inert in it. */
  readonly summary: string;
  readonly annotations: readonly CheckAnnotation[];
}

/** One place of the commit. */
export interface CheckAnnotation {
  /** In the repository. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly level: 'failure' | 'warning';
  /** The rule. */
  readonly title: string;
  readonly message: string;
}
