import { itPublishesIn } from './dialect-contract.ts';

itPublishesIn(['no hash at all', 'tarballs at another origin', 'a tarball that is delayed']);
