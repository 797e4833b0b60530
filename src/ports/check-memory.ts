import type { CheckedName, DailyCheck } from '../domain/daily-check.ts';

/** The last daily check, and what the next one compares with. */
export interface CheckMemory {
  findLast(): Promise<DailyCheck | undefined>;
  listNames(): Promise<readonly CheckedName[]>;
  /** Replaces both in one transaction. */
  save(check: DailyCheck, names: readonly CheckedName[]): Promise<void>;
}
