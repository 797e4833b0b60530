import type { CheckedName, DailyCheck } from '../domain/announcement/daily-check.ts';
import type { PublishTarget } from '../domain/package/publish-target.ts';
import type { CredentialName, KnownCredential } from '../domain/repository/credential.ts';

/** What the bot remembers across restarts, by key. */
export interface BotMemory {
  find(key: string): Promise<string | undefined>;
  /** Replaces the previous value of the key. */
  remember(key: string, value: string): Promise<void>;
}

/** The last daily check, and the names that the next check compares with. */
export interface CheckMemory {
  findLast(): Promise<DailyCheck | undefined>;
  listNames(): Promise<readonly CheckedName[]>;
  /** Replaces the check and the names in one transaction. */
  save(check: DailyCheck, names: readonly CheckedName[]): Promise<void>;
}

/** What is known about our credentials, but never the credentials themselves. */
export interface CredentialMemory {
  list(): Promise<readonly KnownCredential[]>;
  /** Marks the credential as accepted. Returns true if it was refused before. */
  markTaken(name: CredentialName): Promise<boolean>;
  /** Replaces everything that was stored. */
  save(credentials: readonly KnownCredential[]): Promise<void>;
}

/**
 * Suggestions for what a person is typing. They come from the database only, prefix matches before substring matches,
 * at most 25. No method throws.
 */
export interface Suggestions {
  suggestPackages(typed: string): Promise<readonly string[]>;
  suggestRepositories(typed: string): Promise<readonly string[]>;
  suggestVersions(packageName: string, typed: string): Promise<readonly string[]>;
  /** Suggests known branches and commits of the repository, or of the repository of the package. */
  suggestRefs(of: PublishTarget | undefined, typed: string): Promise<readonly string[]>;
  suggestJobs(typed: string): Promise<readonly { readonly job: number; readonly label: string }[]>;
}

/** Records which identity tokens were used, and for what. */
export interface UsedTokens {
  /**
   * Returns false if the token was used for another purpose before. The use is remembered until the token expires
   * (`expiresAt`, epoch milliseconds).
   */
  use(tokenId: string, purpose: string, expiresAt: number): Promise<boolean>;
}

/** Times in the database at which something is due, or from which a wait is measured. */
export interface StoredTimes {
  /**
   * Moves the times by `stepMs`, so that every wait lasts as long as it would have without the step. All times move in
   * one transaction, during which `follow` sets the clock. Start times of unfinished work move only with a step back,
   * because otherwise the work would have a negative duration; after a step forward they stay as they were recorded.
   * Throws the database's error; then nothing has moved.
   */
  shift(stepMs: number, follow: () => void): Promise<void>;
  /** Extends all waits for neighbours by `gapMs`, a time during which no process ran and so no neighbour was asked. */
  excuse(gapMs: number): Promise<void>;
  /**
   * Returns whether the clock jumped forward by more than a day within the last week. If so, what looks old may be from
   * today.
   */
  isDoubted(): Promise<boolean>;
  /** Makes everything due now that waits longer than any of our rules allows. Returns the number of changed rows. */
  bound(): Promise<number>;
  /**
   * Returns the latest time at which a process is known to have run, in epoch milliseconds; undefined before the first
   * `remember`.
   */
  findLast(): Promise<number | undefined>;
  /** Records that the clock showed this time while the process was running. */
  remember(epochMs: number): Promise<void>;
}
