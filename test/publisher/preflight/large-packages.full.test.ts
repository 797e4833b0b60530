import { describe } from 'vitest';
import { itHoldsForPackagesOf } from './large-packages.ts';

describe('the rule book', () => {
  itHoldsForPackagesOf(10_000);
});
