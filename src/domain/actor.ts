/** Who asks, as the chat service says: `discord:<user id>`. Stands in the audit trail. */
export type Actor = string;
