import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, inflateSync } from 'node:zlib';

/** Planted texts, by a name that may be shown. */
export type Planted = Readonly<Record<string, string>>;

/**
 * Returns `name in file` for every planted text in any file of the folder, tarballs and loose git objects unpacked.
 */
export async function findPlanted(folder: string, planted: Planted): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const file of listFiles(folder)) {
    const bytes = await unlessGone(readFile(file));
    for (const name of bytes === undefined ? [] : namesIn(bytes, planted)) {
      found.push(`${name} in ${file.slice(folder.length + 1)}`);
    }
  }
  return found;
}

/** Lists folder by folder, because a recursive listing fails as a whole when a folder disappears meanwhile. */
async function* listFiles(folder: string): AsyncGenerator<string> {
  for (const entry of (await unlessGone(readdir(folder, { withFileTypes: true }))) ?? []) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* listFiles(path);
    else if (entry.isFile()) yield path;
  }
}

/** Ignores missing files: work folders come and go while a process runs. */
async function unlessGone<T>(reading: Promise<T>): Promise<T | undefined> {
  return reading.catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return undefined;
  });
}

/** Returns the names of the planted texts that these bytes contain. */
export function namesIn(bytes: Buffer, planted: Planted): readonly string[] {
  const forms = [bytes, unpack(bytes)].filter((form) => form !== undefined);
  return Object.entries(planted)
    .filter(([, text]) => forms.some((form) => form.includes(text)))
    .map(([name]) => name);
}

function unpack(bytes: Buffer): Buffer | undefined {
  try {
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) return gunzipSync(bytes);
    return bytes[0] === 0x78 ? inflateSync(bytes) : undefined;
  } catch {
    return undefined;
  }
}

/** Returns a secret in every form in which it could travel, and its beginning, in case it was cut. */
export function formsOf(name: string, secret: string): Planted {
  const basic = (user: string): string => Buffer.from(`${user}:${secret}`).toString('base64');
  return {
    [name]: secret,
    [`${name} (beginning)`]: secret.slice(0, 12),
    [`${name} (base64)`]: Buffer.from(secret).toString('base64'),
    [`${name} (base64url)`]: Buffer.from(secret).toString('base64url'),
    [`${name} (hex)`]: Buffer.from(secret).toString('hex'),
    [`${name} (in a URL)`]: encodeURIComponent(secret),
    [`${name} (Basic)`]: basic('x-access-token'),
    [`${name} (Basic, no user)`]: basic(''),
  };
}

/** Returns the forms of several secrets, and how each looks inside JSON. */
export function formsOfAll(secrets: Readonly<Record<string, string>>): Planted {
  const forms = Object.entries(secrets).flatMap(([name, secret]) =>
    Object.entries({ ...formsOf(name, secret), [`${name} (in JSON)`]: JSON.stringify(secret).slice(1, -1) }),
  );
  return Object.fromEntries(forms);
}
