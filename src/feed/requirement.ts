// Comes in: `NAME==VERSION` as a person types it. Goes out: its parts. Knows the names of distributions, no index.
import { AppError } from '../errors.js';

/** One exact version of a distribution, with the extras that are wanted of it. */
export interface Requirement {
  /** As written: `Django`. */
  readonly name: string;
  readonly extras: readonly string[];
  readonly version: string;
}

const namePattern = '[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?';
const pattern = new RegExp(
  `^(${namePattern})(?:\\[(${namePattern}(?:,${namePattern})*)\\])?==([A-Za-z0-9.!+_-]+)$`,
);

/** `psycopg[binary]==3.3.4` in parts; throws AppError USAGE for anything else. */
export function parseRequirement(text: string): Requirement {
  const [, name, extras, version] = pattern.exec(text.replace(/\s+/g, '')) ?? [];
  if (name === undefined || version === undefined) {
    throw new AppError('USAGE', `'${text}' is not one version of a package`, {
      details: ['Wanted NAME==VERSION, or NAME[EXTRA]==VERSION'],
      hint: 'For example `zookit feed pin Django==5.2.19`',
    });
  }
  return { name, extras: extras?.split(',') ?? [], version };
}
