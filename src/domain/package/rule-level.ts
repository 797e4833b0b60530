/** Levels that an operator may give a rule for one repository; `off` drops its findings. */
export const ruleLevels = ['block', 'warn', 'info', 'off'] as const;

export type RuleLevel = (typeof ruleLevels)[number];

/** Levels by rule id; a rule without an entry keeps its own severity. */
export type RuleLevels = Readonly<Record<string, RuleLevel>>;
