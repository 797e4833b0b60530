import { shapesOfFiles } from './shapes-of-files.ts';
import { shapesOfHeadings } from './shapes-of-headings.ts';

/** One way in which people keep a changelog, and what becomes of it when a version is put in. */
export interface Shape {
  readonly title: string;
  readonly text: string;
  /** The version that is put in; 1.3.0 unless told. */
  readonly version?: string;
  /** The first line of the new heading. */
  readonly heading: string;
  /** The line (content) right in front of which the entry stands; undefined: nothing follows but link definitions. */
  readonly before: string | undefined;
}

/** Shapes of public Unity packages, told in words of our own. */
export const shapes: readonly Shape[] = [...shapesOfHeadings, ...shapesOfFiles];
