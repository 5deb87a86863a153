// Comes in: a plan. Goes out: the lines of a project's requirements.txt: every distribution of the plan's environment,
// pinned. Pure.
import { choosePackages } from '../lib/wheel.js';
import type { Plan, Platform } from '../types.js';

/** `Name==version` lines, sorted, each distribution once. */
export function requirementsOf(plan: Plan, platform: Platform, python: string | undefined): string[] {
  const pins = new Map<string, string>();
  for (const { entry, version } of plan.steps) {
    if (!entry?.environment) continue;
    const action = entry.installers.find((installer) => installer.action.kind === 'python')?.action;
    if (action?.kind === 'python' && python !== undefined) {
      for (const { package: pinned } of choosePackages(action.packages, { platform, version: python })
        .chosen) {
        pins.set(pinned.name.toLowerCase(), `${pinned.name}==${pinned.version}`);
      }
    } else if (entry.hint?.kind === 'pythonPackage') {
      pins.set(entry.hint.name.toLowerCase(), `${entry.hint.name}==${version}`);
    }
  }
  return [...pins].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line);
}
