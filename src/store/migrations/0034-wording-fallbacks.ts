/** Why rules worded an entry although there is a model. */
export const wordingFallbacks = `
alter table changelog_entries add column fallback text;
create index changelog_entries_fallbacks on changelog_entries (created_at) where fallback is not null;
`;
