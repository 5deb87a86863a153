// The nouns of a site in IIS: what is asked for, and one command of the list that makes it. Types, and the exit statuses that all
// lists share. Knows no command by name.
import type { SitePlace } from '../src/lib/iis-place.js';
import type { HostForm } from './webconfig.js';

/** One project as one application of IIS. */
export interface SiteRequest {
  readonly place: SitePlace;
  /** The project's folder. */
  readonly folder: string;
  /** The application pool of its own. */
  readonly pool: string;
  /** As appcmd writes it; names a site that is to be made. */
  readonly binding?: string;
  readonly form: HostForm;
  /** Visitors are known by their Windows account. */
  readonly windowsAuthentication: boolean;
  /** Its database is a file, which two processes at once would lock for each other. */
  readonly sqlite: boolean;
  /** Other servers may be changed along with this one. */
  readonly sharedConfiguration?: boolean;
  /** Absolute paths. */
  readonly programs: { readonly appcmd: string; readonly icacls: string };
}

export interface SiteCommand {
  readonly why: string;
  readonly command: readonly string[];
  /** Absent for what goes with an earlier command's undo, and for what is to stay. */
  readonly undo?: readonly string[];
  /** Exit statuses of `command` that mean as much as 0: it is so already. */
  readonly already?: readonly number[];
  /** Exit statuses of `command` after which it is worth trying again in a moment. */
  readonly again?: readonly number[];
  /** Exit statuses of `undo` that mean as much as 0: it is gone already. */
  readonly gone?: readonly number[];
}

/** The variable by which a pool is known as the own one of a site. */
export const ownerVariable = 'ZOOKIT_SITE';

// Exit statuses of appcmd, which are Windows' own.
// https://learn.microsoft.com/windows/win32/debug/system-error-codes
/** ERROR_FILE_NOT_FOUND, ERROR_NOT_SUPPORTED, ERROR_NOT_FOUND. */
export const noSuchThing = [2, 50, 1168];
/** ERROR_OBJECT_NOT_FOUND: IIS has not heard of it yet, or does not run at all. */
export const notKnownYet = [4312];
/** ERROR_SERVICE_NOT_ACTIVE. */
export const notRunning = [...noSuchThing, ...notKnownYet, 1062];
/** ERROR_SERVICE_ALREADY_RUNNING. */
export const runsAlready = [1056];
