import type { PublishTarget } from '../domain/publish-target.ts';

/** Answers to what is being typed: from the database only, prefix before substring, never throws, at most 25. */
export interface Suggestions {
  suggestPackages(typed: string): Promise<readonly string[]>;
  suggestRepositories(typed: string): Promise<readonly string[]>;
  suggestVersions(packageName: string, typed: string): Promise<readonly string[]>;
  /** Branches and commits known of the repository (or of the package's). */
  suggestRefs(of: PublishTarget | undefined, typed: string): Promise<readonly string[]>;
  suggestJobs(typed: string): Promise<readonly { readonly job: number; readonly label: string }[]>;
}
