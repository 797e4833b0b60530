/** What a person wants published: one package by its name, or all of a repository. */
export type PublishTarget =
  | { readonly kind: 'package'; readonly name: string }
  | { readonly kind: 'repository'; readonly slug: string };
