// Comes in: a candidate and the version of a Python. Goes out: whether they go together: wheels, ranges, and the
// environment that exists already. Remembers what it found; knows no dependencies.
import { compareVersions } from '../lib/version.js';
import type { Installer, Machine } from '../types.js';
import type { Candidate } from './candidates.js';
import { missingPackages } from './choose.js';
import { isWithin } from './needs.js';

/** Answers for one machine. */
export class PythonFit {
  private readonly known = new Map<Installer, Map<string, boolean>>();

  constructor(private readonly machine: Machine) {}

  /** An environment has one Python: what goes into one that exists must take exactly that version. */
  accepts({ entry, installer }: Candidate, version: string): boolean {
    const existing = entry?.environment ? this.machine.environment.python?.version : undefined;
    if (existing !== undefined && compareVersions(existing, version) !== 0) return false;
    return installer === undefined || this.hasPackages(installer, version);
  }

  /** Whether every package that an installer puts there has a wheel for this Python; true for other installers. */
  hasPackages(installer: Installer, version: string): boolean {
    const { action } = installer;
    if (action.kind !== 'python') return true;
    const known = this.known.get(installer) ?? new Map<string, boolean>();
    this.known.set(installer, known);
    let fits = known.get(version);
    if (fits === undefined) {
      const inRange = action.python === '' || isWithin(version, action.python);
      fits = inRange && missingPackages(action.packages, this.machine.platform, version).length === 0;
      known.set(version, fits);
    }
    return fits;
  }
}
