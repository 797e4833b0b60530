import type { CheckedName, DailyCheck } from '../domain/announcement/daily-check.ts';
import type { PublishTarget } from '../domain/package/publish-target.ts';
import type { CredentialName, KnownCredential } from '../domain/repository/credential.ts';

/** Values by key that the bot keeps across restarts. */
export interface BotMemory {
  find(key: string): Promise<string | undefined>;
  /** Replaces the previous value. */
  remember(key: string, value: string): Promise<void>;
}

/** The last daily check, and the names that the next check compares with. */
export interface CheckMemory {
  findLast(): Promise<DailyCheck | undefined>;
  listNames(): Promise<readonly CheckedName[]>;
  /** Replaces both in one transaction. */
  save(check: DailyCheck, names: readonly CheckedName[]): Promise<void>;
}

/** What is known about our credentials, never the credentials themselves. */
export interface CredentialMemory {
  list(): Promise<readonly KnownCredential[]>;
  /** Records that the credential is accepted; true when it was refused before. */
  markTaken(name: CredentialName): Promise<boolean>;
  /** Replaces all stored entries. */
  save(credentials: readonly KnownCredential[]): Promise<void>;
}

/**
 * Suggestions while a person types: from the database only, prefix matches before substring matches, never throws, at
 * most 25.
 */
export interface Suggestions {
  suggestPackages(typed: string): Promise<readonly string[]>;
  suggestRepositories(typed: string): Promise<readonly string[]>;
  suggestVersions(packageName: string, typed: string): Promise<readonly string[]>;
  /** Branches and commits known of this repository (or of the package's repository). */
  suggestRefs(of: PublishTarget | undefined, typed: string): Promise<readonly string[]>;
  suggestJobs(typed: string): Promise<readonly { readonly job: number; readonly label: string }[]>;
}

/** Records which identity tokens were used, and for what. */
export interface UsedTokens {
  /**
   * Returns false when this token was used for another purpose before. Kept until the token expires (epoch
   * milliseconds).
   */
  use(tokenId: string, purpose: string, expiresAt: number): Promise<boolean>;
}

/** Stored times that something waits for, or from which a wait is measured. */
export interface StoredTimes {
  /**
   * Moves these times by `stepMs` so that every wait keeps its length, in one transaction within which `follow` sets
   * the clock. Start times of unfinished work move only with a step back, since its duration would become negative;
   * after a step forward they stay as recorded. Throws what the database throws; then nothing has moved.
   */
  shift(stepMs: number, follow: () => void): Promise<void>;
  /**
   * Excludes `gapMs`, in which no process ran, from the time that waits for a neighbour have lasted: the neighbour was
   * not asked.
   */
  excuse(gapMs: number): Promise<void>;
  /**
   * True when the clock moved forward by more than a day within the last week: entries that look old may be from today.
   */
  isDoubted(): Promise<boolean>;
  /** Shortens waits that are longer than any of our rules allows; returns how many. */
  bound(): Promise<number>;
  /** Last time (epoch milliseconds) at which a process is known to have run; undefined before the first `remember`. */
  findLast(): Promise<number | undefined>;
  /** Records a clock time at which a process was running. */
  remember(epochMs: number): Promise<void>;
}
