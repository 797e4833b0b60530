import type { SettingName } from './settings.ts';
import type { Parse } from './values.ts';

/** Reads one setting, or returns `otherwise` when it is not set. Problems are collected and reported together. */
export type Read = <T, D>(name: SettingName, parse: Parse<T>, otherwise: D) => T | D;
