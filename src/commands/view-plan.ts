// Comes in: a plan. Goes out: the words and the JSON by which it is shown. One value for both.
import { columns, sizeText } from '../lib/terminal.js';
import type { KindName, Plan, Step } from '../types.js';

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

export function planJson(plan: Plan): { ok: true; steps: StepJson[] } {
  return { ok: true, steps: plan.steps.map((step) => stepJson(step)) };
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
  const kind = step.installer?.action.kind ?? '';
  return step.status === 'upgrade' ? `upgrade from ${step.from ?? '?'}` : `install (${kind})`;
}

function reason({ asked, neededBy, path, place }: Step): string {
  const why = asked ? 'asked for' : `needed by ${neededBy.join(', ')}`;
  const where = path ?? (place === 'machine' ? '' : place);
  return where === '' ? why : `${why}; ${where}`;
}
