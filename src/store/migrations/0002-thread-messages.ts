/** One row per message that stands for something in the chat thread. */
export const threadMessages = `
create table thread_messages (
  key text primary key,
  nonce text not null,
  message_id text,
  posted_at integer not null
) strict, without rowid;
`;
