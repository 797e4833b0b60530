/** Whether what needs no judgement is repaired while packing: `off` or `staging`. */
export const stagedFixes = `
alter table repositories add column fixes text not null default 'off';
`;
