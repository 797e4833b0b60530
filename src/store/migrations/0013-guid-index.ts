/** Which package of the registry has which GUID, and what the rules found in its versions. */
export const guidIndex = `
create table indexed_versions (
  registry text not null,
  name text not null,
  version text not null,
  fields text not null,
  findings text not null,
  rules text not null,
  problem text,
  indexed_at integer not null,
  primary key (registry, name, version)
) strict, without rowid;

create table guids (
  registry text not null,
  guid text not null,
  name text not null,
  path text not null,
  first_version text not null,
  last_version text not null,
  primary key (registry, guid, name)
) strict, without rowid;
create index guids_of_package on guids (registry, name);
`;
