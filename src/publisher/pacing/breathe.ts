/** Lets everything else have its turn: for loops over what somebody else decided the length of. */
export async function breathe(): Promise<void> {
  await new Promise<void>((resolve) => {
    setImmediate(resolve);
  });
}
