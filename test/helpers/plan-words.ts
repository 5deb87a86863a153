// Comes in: a plan, or a request that should have none. Goes out: one word per step, or the error as a person reads it.
import { AppError } from '../../src/errors.js';
import { resolve } from '../../src/plan/resolve.js';
import type { PlanRequest } from '../../src/plan/request.js';

/** The steps in order: `A@1` installs, `A@1!` is present, `A@2<1` upgrades from 1. */
export function planWords(request: PlanRequest): string {
  return resolve(request)
    .steps.map(({ product, version, status, from }) => {
      const mark = status === 'present' ? '!' : status === 'upgrade' ? `<${from ?? '?'}` : '';
      return `${product}@${version}${mark}`;
    })
    .join(' ');
}

/** What `resolve` throws; a plan is a plain Error. */
export function failure(request: PlanRequest): AppError {
  try {
    const words = planWords(request);
    throw new Error(`there is a plan: ${words}`);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

/** As `cli` prints it: error line, details, hint. */
export function failureText(request: PlanRequest): string {
  const { code, message, details, hint } = failure(request);
  return [`error: ${message} (${code})`, ...details, `hint: ${hint ?? ''}`].join('\n');
}
