/** Lets other work have its turn; for loops whose length somebody else decided. */
export async function breathe(): Promise<void> {
  await new Promise<void>((resolve) => {
    setImmediate(resolve);
  });
}
