// Comes in: a catalog. Goes out: findings about single entries: questions that cannot be answered, keywords that nobody
// sees, installers that fit nowhere. Compares nothing with this machine.
import { isRange } from '../lib/version.js';
import type { Architecture, Catalog, DiscoveryHint, Entry, Installer, OperatingSystem } from '../types.js';
import type { Check, Finding } from './finding.js';
import { forEntries } from './finding.js';
import { windowsKinds } from '../lib/platforms.js';

type Message = readonly [Finding['severity'], string];

/** Everything that one entry alone can have wrong. */
export const checkEntries: Check = (checked) => {
  const shown = shownKeywords(checked.catalog);
  return forEntries(checked, (entry) => [
    ...questions(entry),
    ...keywords(entry, shown),
    ...platforms(entry),
    ...(entry.hint ? hintRanges(entry.hint) : []),
  ]);
};

function questions(entry: Entry): Message[] {
  const names = new Set(entry.parameters.map((each) => each.name.toLowerCase()));
  return entry.parameters.flatMap(({ name, type, choices, default: fallback, when }): Message[] => {
    const values = choices.map((choice) => choice.value);
    const problems = [
      type === 'choice' && values.length === 0 && 'has no choices',
      values.length > 0 &&
        fallback !== undefined &&
        !values.includes(fallback) &&
        `has the default '${fallback}', which is none of its choices`,
      when && !names.has(when.parameter.toLowerCase()) && `hangs on '${when.parameter}', which is not asked`,
    ];
    return problems
      .filter((each) => typeof each === 'string')
      .map((each) => ['error', `parameter '${name}' ${each}`]);
  });
}

/** Undefined when no feed has tabs: then keywords are there for search only. */
function shownKeywords(catalog: Catalog): ReadonlySet<string> | undefined {
  const ids = catalog.tabs.flatMap((tab) => tab.keywordIds.map((id) => id.toLowerCase()));
  return catalog.tabs.length > 0 ? new Set(ids) : undefined;
}

function keywords(entry: Entry, shown: ReadonlySet<string> | undefined): Message[] {
  if (!shown || entry.flags.includes('searchExclude')) return [];
  const hidden = entry.keywords.filter((id) => !shown.has(id.toLowerCase()));
  return hidden.map((id) => ['warning', `keyword '${id}' is shown by no tab`]);
}

const systems: readonly OperatingSystem[] = ['windows', 'linux', 'macos'];
const architectures: readonly Architecture[] = ['x64', 'x86', 'arm64'];

function platforms(entry: Entry): Message[] {
  const { installers, hint } = entry;
  if (installers.length === 0)
    return hint ? [] : [['warning', 'can be neither found nor installed: it has no hint and no installer']];
  const misfits = installers.filter((installer) => !fitsAnywhere(installer));
  if (misfits.length === installers.length) return [['error', 'has no installer that fits any platform']];
  return misfits.map(({ id }) => ['warning', `installer ${id} fits no platform`]);
}

function fitsAnywhere(installer: Installer): boolean {
  return systems.some((os) => architectures.some((arch) => fits(installer, os, arch)));
}

function fits(installer: Installer, os: OperatingSystem, arch: Architecture): boolean {
  const windowsOnly = windowsKinds.has(installer.action.kind) || installer.osList !== undefined;
  if (windowsOnly && os !== 'windows') return false;
  if (installer.architectures.length > 0 && !installer.architectures.includes(arch)) return false;
  const { platforms: rules } = installer;
  return (
    rules.length === 0 ||
    rules.some((rule) => (rule.os ?? os) === os && (rule.arch ?? arch) === arch && fitsLibrary(rule, os))
  );
}

function fitsLibrary(rule: { readonly libc?: string }, os: OperatingSystem): boolean {
  return rule.libc === undefined || os === 'linux';
}

function hintRanges(hint: DiscoveryHint): Message[] {
  if (hint.kind === 'all' || hint.kind === 'any') return hint.of.flatMap(hintRanges);
  if (hint.kind === 'not') return hintRanges(hint.of);
  const bad = hint.kind === 'python' && hint.range !== undefined && !isRange(hint.range);
  return bad ? [['error', `looks for Python '${hint.range ?? ''}', which is no range`]] : [];
}
