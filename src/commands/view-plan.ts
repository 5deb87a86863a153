// Comes in: a plan. Goes out: the words and the JSON by which it is shown. One value for both.
import { columns, sizeText } from '../lib/terminal.js';
import { typedLine } from '../lib/quote.js';
import { compareVersions } from '../lib/version.js';
import type { KindName, OperatingSystem, Plan, Step } from '../types.js';
import type { StepPreview } from './previews.js';

/** A step as `--json` shows it; the shape is a contract (design, section 10). */
export interface StepJson {
  readonly product: string;
  readonly version: string;
  readonly installer: { readonly id: string; readonly kind: KindName } | null;
  readonly place: string;
  readonly neededBy: readonly string[];
  readonly asked: boolean;
  readonly status: string;
  readonly bytes: number;
}

export function stepJson(step: Step, status: string = step.status): StepJson {
  const { product, version, installer, place, neededBy, asked, bytes } = step;
  const chosen = installer ? { id: installer.id, kind: installer.action.kind } : null;
  return { product, version, installer: chosen, place, neededBy, asked, status, bytes };
}

/** What each step would do, where that is shown. */
type Previews = ReadonlyMap<Step, StepPreview>;

const nothing: StepPreview = { commands: [], files: [], downloads: [] };

/** The plan's own JSON: the steps, and what each would do. */
export function planJson(
  plan: Plan,
  previews: Previews,
): { ok: true; steps: readonly (StepJson & StepPreview)[] } {
  const steps = plan.steps.map((step) => ({ ...stepJson(step), ...(previews.get(step) ?? nothing) }));
  return { ok: true, steps };
}

/** Below the plan: what would be run and made, step by step, as an administrator would type it. */
export function previewText(previews: Previews, os: OperatingSystem): string {
  const shown = (words: readonly string[]): string => commandText(words, os === 'windows');
  return [...previews]
    .filter(([, { commands, files }]) => commands.length + files.length > 0)
    .flatMap(([{ product, version }, { commands, files, downloads }]) => [
      `  ${product} ${version}`.trimEnd(),
      ...downloads.filter(isFar).map(({ name }) => `    fetches ${name}`),
      ...commands.flatMap(({ why, command, undo }) => [
        ...(why === undefined ? [] : [`    # ${why}`]),
        `    runs    ${shown(command)}`,
        ...(undo ? [`    undo    ${shown(undo)}`] : []),
      ]),
      ...files.map((path) => `    makes   ${path}`),
    ])
    .join('\n');
}

/** What ships with Zookit, or lies on a disk, is not fetched. */
function isFar({ urls }: StepPreview['downloads'][number]): boolean {
  return urls === undefined || urls.some((url) => /^https?:/i.test(url));
}

/** The command line of a feed is one text already, in its own quotes. */
function commandText([program = '', ...words]: readonly string[], windows: boolean): string {
  const line = words.length === 1 ? words.join('') : typedLine(words, windows);
  return [typedLine([program], windows), line].filter((part) => part !== '').join(' ');
}

/** One line for each step, needs first, then what is worth knowing. */
export function planText(plan: Plan): string {
  const rows = plan.steps.map((step) => [
    `  ${mark(step)}`,
    step.product,
    step.version,
    verb(step),
    reason(step),
  ]);
  const notices = plan.notices.map((notice) => `  note: ${notice}`);
  const size = sizeLine(plan);
  return [columns(rows), ...notices, ...size].join('\n');
}

/** Feeds do not always tell how large a file is; then nobody shall take the sum for the whole. */
function sizeLine(plan: Plan): string[] {
  const total = plan.steps.reduce((sum, { bytes }) => sum + bytes, 0);
  const unknown = plan.steps.filter(({ installer, bytes }) => installer?.file && bytes === 0).length;
  if (total === 0 && unknown === 0) return [];
  const files = unknown === 1 ? 'one file' : `${unknown} files`;
  const parts = [
    ...(total > 0 ? [`about ${sizeText(total)}`] : []),
    ...(unknown > 0 ? [`${files} of unknown size`] : []),
  ];
  return [`  To download: ${parts.join(' and ')}, less what is kept already`];
}

function mark({ status }: Step): string {
  return status === 'present' ? '=' : status === 'upgrade' ? '^' : '+';
}

function verb(step: Step): string {
  if (step.status === 'present') return 'present';
  if (step.status !== 'upgrade') return `install (${step.installer?.action.kind ?? ''})`;
  const { from } = step;
  if (from === undefined) return 'upgrade';
  return compareVersions(step.version, from) < 0 ? `back from ${from}` : `upgrade from ${from}`;
}

function reason({ asked, neededBy, path, place }: Step): string {
  const why = asked ? 'asked for' : `needed by ${neededBy.join(', ')}`;
  const where = path ?? (place === 'machine' ? '' : place);
  return where === '' ? why : `${why}; ${where}`;
}
