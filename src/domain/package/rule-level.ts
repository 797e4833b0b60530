/** What an operator may make of a rule for one repository; `off` does not look at all. */
export const ruleLevels = ['block', 'warn', 'info', 'off'] as const;

export type RuleLevel = (typeof ruleLevels)[number];

/** By rule id; what is not in it keeps the rule's own severity. */
export type RuleLevels = Readonly<Record<string, RuleLevel>>;
