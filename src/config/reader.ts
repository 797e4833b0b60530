import type { SettingName } from './settings.ts';
import type { Parse } from './values.ts';

/** Reads one setting, or gives `otherwise` when it is not set. What is wrong with it is noted, and reported with the rest. */
export type Read = <T, D>(name: SettingName, parse: Parse<T>, otherwise: D) => T | D;
