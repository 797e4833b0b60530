import { NameRefusal } from '../../../domain/failure/name-trouble.ts';

/** What is learned of a name; undefined, and the name noted, when the registry answers for others and not for it. */
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
