import { dialects } from '../../sandbox/registry-dialects.ts';
import { type DialectName, itPublishesIn } from './dialect-contract.ts';

itPublishesIn(Object.keys(dialects) as DialectName[]);
