/** Assembly definitions of the newest indexed version of each package. */
export const assemblyNames = `
create table assembly_names (
  registry text not null,
  folded text not null,
  name text not null,
  assembly text not null,
  path text not null,
  version text not null,
  primary key (registry, folded, name)
) strict, without rowid;
create index assembly_names_of_package on assembly_names (registry, name);
`;
