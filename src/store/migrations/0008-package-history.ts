/** What was said of a folder before is looked for whenever a job ends. */
export const packageHistory = `
create index package_states_of_path on package_states (path, job);
`;
