/** Who asks, as the chat service says: `discord:<user id>`. Stands in the audit trail. */
export type Actor = string;

/** In place of a person: the look for pushes that no event announced. */
export const byCatchUp = 'catch-up';
