import type { IgnoreLine } from '../../../ports/packing.ts';
import type { PackedPackage } from './package.ts';

/** Words why a file or folder of the commit is not packed: the line that left it out, `files`, or npm itself. */
export function sayWhyNot(
  { whyNot, written }: Pick<PackedPackage, 'whyNot' | 'written'>,
  path: string,
): string {
  const line = findLine(whyNot.ignored, path);
  if (line !== undefined)
    return `line ${line.line} of ${line.file} (${JSON.stringify(line.pattern.slice(0, 100))}) leaves it out${sayCapitals(line, path)}`;
  if (!Array.isArray(written['files'])) return 'npm leaves it out by itself';
  const near = whyNot.idle.find(
    ({ meant }) => meant !== undefined && (path === meant || path.startsWith(`${meant}/`)),
  );
  const hint = near === undefined ? '' : ` (${JSON.stringify(near.entry.slice(0, 100))} differs in capitals)`;
  return `"files" in package.json does not name it${hint}`;
}

/** Returns the line that left out the path, or a folder above it. */
function findLine(ignored: ReadonlyMap<string, IgnoreLine>, path: string): IgnoreLine | undefined {
  for (let end = path.indexOf('/'); end > 0; end = path.indexOf('/', end + 1)) {
    const line = ignored.get(path.slice(0, end));
    if (line !== undefined) return line;
  }
  return ignored.get(path);
}

function sayCapitals({ pattern }: IgnoreLine, path: string): string {
  const named = pattern.replaceAll(/^[/*]+|[/*]+$/g, '');
  const isNear = !path.includes(named) && path.toLowerCase().includes(named.toLowerCase());
  return isNear ? ', since npm does not look at capitals there' : '';
}
