import { isObject } from '../../../domain/text/json-object.ts';
import type { Observation, PackageRule, PackedPackage } from './rule.ts';

const file = 'package.json';

export const sampleEntries: PackageRule = {
  id: 'manifest.samples',
  severity: 'warn',
  exception: 'blocks when the folder of a sample is not in the package',
  finds:
    'an entry of `samples` without a folder, outside of `Samples~`, inside another, without a name or description',
  why: 'The button that imports the sample fails, or says nothing of what it imports',
  unityCheck: 'PVP-80-1',
  check: (packed) => {
    const { samples } = packed.written;
    if (samples === undefined) return [];
    if (!Array.isArray(samples))
      return [{ file, message: '"samples" is not a list; write a list of samples' }];
    const entries: readonly unknown[] = samples;
    const paths = entries.map(readPath);
    return entries.flatMap((entry, index) => checkSample(packed, entry, index, paths));
  },
};

function readPath(entry: unknown): string | undefined {
  const path = isObject(entry) ? entry['path'] : undefined;
  return typeof path === 'string' ? path.replace(/^\.\//, '').replace(/\/{1,8}$/, '') : undefined;
}

function checkSample(
  { paths, folders }: PackedPackage,
  entry: unknown,
  index: number,
  all: readonly (string | undefined)[],
): readonly Observation[] {
  const path = all[index];
  const name = `sample ${index + 1}`;
  if (path === undefined) {
    return [
      { file, subject: name, message: `${name} has no "path"; write its folder, such as "Samples~/Basic"` },
    ];
  }
  const subject = path.slice(0, 200).toWellFormed();
  const say = (message: string, severity?: 'block'): Observation => ({
    ...(severity === undefined ? {} : { severity }),
    file,
    subject,
    message,
  });
  if (!folders.has(path) && !paths.has(path)) {
    return [
      say(
        `${name} is to be in ${subject}, which is not in the package; correct the path or commit the folder`,
        'block',
      ),
    ];
  }
  const found: Observation[] = [];
  if (!/^Samples~\/[^/]+$/.test(path))
    found.push(say(`${name} is in ${subject}; move it to a folder directly in Samples~`));
  if (all.some((other, at) => at !== index && other !== undefined && path.startsWith(`${other}/`))) {
    found.push(say(`${name} (${subject}) lies inside another sample; move it beside that`));
  }
  const missing = ['displayName', 'description'].filter((key) => !hasText(entry, key));
  if (missing.length > 0)
    found.push(say(`${name} (${subject}) has no ${missing.join(' and no ')}; write what it shows`));
  return found;
}

function hasText(entry: unknown, key: string): boolean {
  const value = isObject(entry) ? entry[key] : undefined;
  return typeof value === 'string' && value.trim() !== '';
}

export const visibleSamples: PackageRule = {
  id: 'samples.visible',
  severity: 'warn',
  finds: 'a folder `Samples` without the tilde',
  why: 'Samples then compile in every project, and a second time when somebody imports them',
  unityCheck: 'PVP-81-1',
  check: ({ folders }) => {
    if (!folders.has('Samples')) return [];
    const both = folders.has('Samples~') ? ', beside Samples~' : '';
    return [
      {
        file: 'Samples',
        message: `Samples is part of every project${both}; rename it to Samples~ and delete Samples.meta`,
      },
    ];
  },
};
