/** Versions whose upload the registry refused to a token; `credentials` tells tokens apart and is none. */
export const refusedUploads = `
create table refused_uploads (
  registry text not null,
  name text not null,
  version text not null,
  credentials text not null,
  status integer not null,
  failure text not null,
  refused_at integer not null,
  primary key (registry, name, version)
) strict;
`;
