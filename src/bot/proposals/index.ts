import type { ProposalKind } from '../interactions/proposal.ts';
import { publishProposal } from './publish.ts';
import { publishManyProposal } from './publish-many.ts';
import { registerProposal } from './register.ts';
import { removeProposal } from './remove.ts';
import { turnOnProposal } from './turn-on.ts';

/** Every kind of proposal. */
export const proposalKinds: readonly ProposalKind[] = [
  publishProposal,
  publishManyProposal,
  registerProposal,
  removeProposal,
  turnOnProposal,
];
