import { NameRefusal } from '../../../domain/failure/name-trouble.ts';

/**
 * Returns what `look` learns of a name. If the registry answers for others and not for this name, notes the name in
 * `refused` and returns undefined.
 */
export async function passOverRefused<T>(
  name: string,
  refused: Set<string>,
  look: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof NameRefusal)) throw error;
    refused.add(name);
    return undefined;
  }
}
