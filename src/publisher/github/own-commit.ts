/** How commits of ours are recognised: by who made them and what they say. */
export const ownAuthor = 'upm-auto-publisher[bot]';
export const changelogHeadline = 'docs: update changelogs';

/** A push of ours must not make us look at it again. */
export function isOwnCommit(author: string, message: string): boolean {
  return author === ownAuthor && message.split('\n')[0] === changelogHeadline;
}
