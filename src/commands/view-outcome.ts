// Comes in: what became of a plan. Goes out: the words and the JSON by which it is told.
import type { Context } from '../context.js';
import type { AppliedStep, Outcome } from '../install/apply.js';
import { errorJson } from '../lib/error-json.js';
import { stepJson } from './view-plan.js';

/** Says what there is to say: times with --verbose, a restart that is needed, what stayed when something failed. */
export function report(context: Context, outcome: Outcome): void {
  const { terminal } = context;
  for (const { step, status, seconds } of outcome.steps) {
    const time = seconds === 0 ? 'with the one before' : `${seconds.toFixed(2)} s`;
    if (status !== 'present')
      terminal.detail(`  ${status.padEnd(9)} ${step.product} ${step.version} (${time})`);
  }
  if (outcome.rebootRequired) terminal.warn('A restart of the machine is needed to finish');
  if (terminal.json) return;
  for (const { step, status } of outcome.steps) {
    const next = status === 'installed' ? step.installer?.postFinish : undefined;
    // WebPI opened it; a feed's program is not for us to start.
    if (next)
      terminal.say([`To go on with ${step.product}`, next.description, next.path].filter(Boolean).join(': '));
  }
  for (const { step, leftToDo = [], open } of outcome.steps) {
    for (const line of leftToDo) terminal.warn(`notice: left to do for ${step.product}: ${line}`);
    if (open !== undefined) terminal.say(`To go on with ${step.product}, open: ${open}`);
  }
  if (outcome.error) for (const line of leftovers(outcome.steps)) terminal.say(line);
}

function leftovers(steps: readonly AppliedStep[]): string[] {
  const named = (status: AppliedStep['status']): string =>
    steps
      .filter((each) => each.status === status)
      .map(({ step }) => step.product)
      .join(', ');
  const installed = named('installed');
  const skipped = named('skipped');
  return [
    ...(installed === '' ? [] : [`Installed and kept: ${installed}`]),
    ...(skipped === '' ? [] : [`Not begun: ${skipped}`]),
  ];
}

/** The outcome as `--json` shows it. */
export function outcomeJson(outcome: Outcome): Record<string, unknown> {
  const { error } = outcome;
  return {
    ok: error === undefined,
    ...(error === undefined ? {} : { error: errorJson(error) }),
    steps: outcome.steps.map(({ step, status }) => stepJson(step, status)),
    rebootRequired: outcome.rebootRequired,
    ...listed(
      'leftToDo',
      outcome.steps.flatMap(({ leftToDo = [] }) => leftToDo),
    ),
    ...listed(
      'open',
      outcome.steps.flatMap(({ open = [] }) => open),
    ),
    ...(outcome.left.length > 0 ? { left: outcome.left } : {}),
  };
}

/** What most installations have none of. */
function listed(name: string, lines: readonly string[]): Record<string, readonly string[]> {
  return lines.length > 0 ? { [name]: lines } : {};
}
