import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** As git writes it, and all that a mirror is to say: more could name programs to run, or a proxy for our token. */
export const bareConfig = '[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n';

/** Makes what `git init --bare` makes of a new folder, without a process: what git needs to take it for a repository. */
export async function makeBareFolder(folder: string): Promise<void> {
  await mkdir(join(folder, 'objects', 'pack'), { recursive: true });
  await mkdir(join(folder, 'refs'), { recursive: true });
  await writeFile(join(folder, 'config'), bareConfig);
  await writeFile(join(folder, 'HEAD'), 'ref: refs/heads/main\n');
}
