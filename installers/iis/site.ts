// A project that is to be a site in IIS, as a value, and the mark by which its pool is known again. Knows no command.
import type { SitePlace } from '../../src/lib/iis-place.js';
import type { HostForm } from '../webconfig.js';

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

/** The variable by which a pool is known as the own one of a site. */
export const ownerVariable = 'ZOOKIT_SITE';
