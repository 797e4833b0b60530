/** A change of one file; paths are relative to the package. */
export type FileChange =
  | { readonly kind: 'written'; readonly path: string; readonly content: string }
  | { readonly kind: 'deleted'; readonly path: string }
  | { readonly kind: 'moved'; readonly path: string; readonly to: string };
