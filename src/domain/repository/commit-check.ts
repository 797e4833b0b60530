/** What is shown at a commit on the git host, beside its other checks. */
export interface CommitCheck {
  /** `failure`: something would be refused as it is. */
  readonly conclusion: 'success' | 'failure';
  /** One line of at most 140 characters, the longest that a commit status takes. */
  readonly title: string;
  /** Markdown in which text from the commit has no effect. */
  readonly summary: string;
  readonly annotations: readonly CheckAnnotation[];
}

/** A remark about one place of the commit. */
export interface CheckAnnotation {
  /** Path in the repository. */
  readonly path: string;
  /** Line number, counted from 1. */
  readonly line: number;
  readonly level: 'failure' | 'warning';
  /** Id of the rule. */
  readonly title: string;
  readonly message: string;
}
