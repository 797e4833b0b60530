/** What a person was asked to confirm is void afterwards. */
export const proposalLifetimeMs = 24 * 3_600_000;
