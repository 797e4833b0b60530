import type { StoreContext } from '../engine/context.ts';
import { buildBotMemory } from './bot-memory.ts';
import { buildCheckMemory } from './check-memory.ts';
import { buildCredentialMemory } from './credential-memory.ts';
import { buildSuggestions } from './suggestions.ts';
import { buildUsedTokens } from './used-tokens.ts';

/** Builds the parts of the store for the memory, under their names in `Store`. */
export function buildMemoryParts(context: StoreContext) {
  return {
    botMemory: buildBotMemory(context),
    checks: buildCheckMemory(context),
    credentialMemory: buildCredentialMemory(context),
    suggestions: buildSuggestions(context),
    usedTokens: buildUsedTokens(context),
  };
}
