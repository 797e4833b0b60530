/** Waits for all promises, so that nothing keeps running behind the caller's back, then throws the first error. */
export async function settleAll<T>(work: readonly Promise<T>[]): Promise<readonly T[]> {
  const settled = await Promise.allSettled(work);
  return settled.map((item) => {
    if (item.status === 'rejected') throw item.reason;
    return item.value;
  });
}
