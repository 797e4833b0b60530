/** Something that Discord's schema, its limits or its rules do not allow. */
export interface Violation {
  /**
   * `request`: the bot's request. `answer` and `dispatch`: the double's own. `behaviour`: a rule that is not about one
   * body.
   */
  readonly direction: 'request' | 'answer' | 'dispatch' | 'behaviour';
  /** `POST /channels/1/messages`, `INTERACTION_CREATE`, `identify`. */
  readonly where: string;
  readonly problems: readonly string[];
}

export interface ViolationList {
  add(direction: Violation['direction'], where: string, problems: readonly string[]): void;
  all(): readonly Violation[];
  clear(): void;
}

export function createViolationList(): ViolationList {
  let list: Violation[] = [];
  return {
    add(direction, where, problems) {
      if (problems.length > 0) list.push({ direction, where, problems });
    },
    all: () => [...list],
    clear() {
      list = [];
    },
  };
}
