/** What the bot remembers from one start to the next. */
export const botMemory = `
create table bot_memory (
  key text primary key,
  value text not null
) strict, without rowid;
`;
