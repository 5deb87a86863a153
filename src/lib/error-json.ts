// Comes in: a failure. Goes out: the `error` of the JSON that every failing command prints (design, section 10). Pure.
import type { AppError, ErrorCode } from '../errors.js';

export interface ErrorJson {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string | null;
  readonly details: readonly string[];
}

/** The failure as `--json` shows it; the shape is a contract. */
export function errorJson({ code, message, hint, details }: AppError): ErrorJson {
  return { code, message, hint: hint ?? null, details };
}
