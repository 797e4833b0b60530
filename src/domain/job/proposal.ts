/** How long a person may confirm a proposal; afterwards it is void. */
export const proposalLifetimeMs = 24 * 3_600_000;
