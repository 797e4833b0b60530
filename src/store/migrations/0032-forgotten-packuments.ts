/** What was cached lacks weaker hashes and addresses of tarballs, which are compared and read now. */
export const forgottenPackuments = `
delete from packument_cache;
`;
