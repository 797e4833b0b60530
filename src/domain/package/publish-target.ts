/** What a person wants to have published: one package by its name, or everything in a repository. */
export type PublishTarget =
  | { readonly kind: 'package'; readonly name: string }
  | { readonly kind: 'repository'; readonly slug: string };
