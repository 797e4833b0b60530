export interface Troubles {
  /** Throws the error that ended all use of the database, if there was one. */
  check(): void;
  /** Call this with every error of the database: it may affect more than its own query. */
  notice(error: unknown): void;
  /** Registers a listener for every error noticed from now on; it must not throw. */
  listen(listener: (error: unknown) => void): void;
}

/** `explainDamage` returns the error that ends all use of the database, or undefined for other errors. */
export function buildTroubles(explainDamage: (error: unknown) => Error | undefined): Troubles {
  const listeners: ((error: unknown) => void)[] = [];
  let damage: Error | undefined;
  return {
    check: () => {
      if (damage !== undefined) throw damage;
    },
    notice: (error) => {
      if (damage !== undefined) return;
      damage = explainDamage(error);
      for (const listener of listeners) listener(damage ?? error);
    },
    listen: (listener) => void listeners.push(listener),
  };
}
