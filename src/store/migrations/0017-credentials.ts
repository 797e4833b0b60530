/** What the last look found of our credentials; they themselves are never stored. */
export const credentials = `
create table credentials (
  name text primary key,
  refused_since integer,
  expires_at integer
) strict;
`;
