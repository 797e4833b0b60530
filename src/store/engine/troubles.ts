export interface Troubles {
  /** Throws what ended the use of the database, once something did. */
  check(): void;
  /** Called with every error of the database: it may be about more than the query. */
  notice(error: unknown): void;
  /** From now on called with every error that is noticed; must not throw. */
  listen(listener: (error: unknown) => void): void;
}

/** `explainDamage` gives the error that ends all use of the database; undefined for others. */
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
