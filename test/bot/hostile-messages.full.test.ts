import { describe } from 'vitest';
import { itHoldsForRandomTexts } from './inert-texts.ts';

describe('text from outside in a message', () => {
  itHoldsForRandomTexts(2_000);
});
