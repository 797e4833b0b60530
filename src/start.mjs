// Plain JavaScript, and nothing imported: an older Node must get this far to say what it needs.
const needed = [24, 15];
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < needed[0] || (major === needed[0] && minor < needed[1])) {
  process.stderr.write(
    `Node ${needed.join('.')} or newer is needed and this is ${process.versions.node}: ` +
      'use `npm start`, which runs the version from the lockfile, or install a newer one.\n',
  );
  process.exit(78);
}

const { enableCompileCache, flushCompileCache } = await import('node:module');
const { fileURLToPath } = await import('node:url');
// Half of a start is compiling what did not change since the last one. Kept beside the code, since whoever can write
// there can change the program anyway; where nobody can (the image), it is left out.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url)));

// `start.mjs ./doctor.ts …` starts another module of this folder; the rest of the arguments is its own.
const named = process.argv[2]?.startsWith('./') ? process.argv.splice(2, 1)[0] : './main.ts';
await import(new URL(named, import.meta.url).href);
// Now, and not at the end: a process may be killed.
flushCompileCache();
