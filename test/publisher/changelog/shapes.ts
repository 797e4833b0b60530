import { shapesOfFiles } from './shapes-of-files.ts';
import { shapesOfHeadings } from './shapes-of-headings.ts';

/** One way in which people write a changelog, and the result of putting a version in. */
export interface Shape {
  readonly title: string;
  readonly text: string;
  /** The version that is put in; 1.3.0 when left out. */
  readonly version?: string;
  /** The first line of the new heading. */
  readonly heading: string;
  /** The line (its content) right before which the entry is put; undefined when only link definitions follow. */
  readonly before: string | undefined;
}

/** Shapes of public Unity packages, retold in our own words. */
export const shapes: readonly Shape[] = [...shapesOfHeadings, ...shapesOfFiles];
