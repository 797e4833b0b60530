const DISCORD_EPOCH_MS = 1_420_070_400_000;

/** Creates unique, rising ids that carry their time, as Discord's do. */
export function createSnowflakes(now: () => number): () => string {
  let last = 0n;
  return () => {
    const fresh = snowflakeAt(now());
    last = fresh > last ? fresh : last + 1n;
    return last.toString();
  };
}

function snowflakeAt(epochMs: number): bigint {
  return BigInt(Math.floor(epochMs) - DISCORD_EPOCH_MS) << 22n;
}
