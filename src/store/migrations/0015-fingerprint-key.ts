/** Random, one for the life of the database: what is recognised by it is recognised nowhere else. */
export const fingerprintKey = `
create table fingerprint_key (
  id integer primary key check (id = 1),
  secret text not null
) strict;
insert into fingerprint_key (id, secret) values (1, lower(hex(randomblob(32))));
`;
