// Comes in: a run of `zookit doctor --json`. Goes out: its checks, by id. Knows no check.
import assert from 'node:assert/strict';
import type { CheckResult } from '../../src/commands/doctor/check.js';
import type { Ran } from './zookit.js';
import { json } from './zookit.js';

/** Every check, as it stands in the report; fails when the summary does not fit them. */
export function checksOf(ran: Ran): CheckResult[] {
  const value = json(ran) as unknown as { ok: boolean; error?: { code: string }; checks: CheckResult[] };
  const isBad = value.checks.some(({ status }) => status === 'bad');
  assert.equal(value.ok, !isBad);
  assert.equal(value.error !== undefined, isBad);
  assert.equal(ran.status, isBad ? 3 : 0, ran.stderr);
  for (const { id, status, found, hint } of value.checks) {
    assert.doesNotMatch(found, /undefined|\[object|\.$/, id);
    if (status === 'bad') assert.match(hint ?? '', /\S/, `${id} says what to do`);
  }
  return value.checks;
}

/** The check of that id, the first one whose title has the text. */
export function check(checks: readonly CheckResult[], id: string, title = ''): CheckResult {
  const found = checks.find((each) => each.id === id && each.title.includes(title));
  assert.ok(found, `there is a check '${id}' ${title}`);
  return found;
}

/** `id status`, for all that are not well. */
export function unwell(checks: readonly CheckResult[]): string[] {
  return checks.filter(({ status }) => status !== 'ok').map(({ id, status }) => `${id} ${status}`);
}
