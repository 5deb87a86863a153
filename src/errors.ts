// Every failure that a user can meet: its code, its exit status, its words. Imports nothing.
// Anything else that reaches `cli` is a bug of ours and is told as one.

/** What the exit status answers is "what now?"; one line of the README's table for each code. */
export const exitStatuses = {
  /** The command line is wrong. */
  USAGE: 2,
  /** A feed could not be fetched and no copy is kept. */
  FEED_UNREACHABLE: 4,
  /** A feed is not well-formed XML, or not a feed. */
  FEED_INVALID: 3,
  /** No feed declares the product. */
  PRODUCT_UNKNOWN: 3,
  /** The product has no installer for this machine. */
  NO_INSTALLER: 3,
  /** No choice of versions fits together. */
  CONFLICT: 3,
  /** A file could not be fetched. */
  DOWNLOAD_FAILED: 4,
  /** A file is not the one that the feed describes. */
  HASH_MISMATCH: 4,
  /** `--offline`, and the file is not in the cache. */
  OFFLINE_MISS: 4,
  /** There is no room for what is to be written. */
  DISK_FULL: 4,
  /** Administrator rights are missing. */
  NEEDS_ADMIN: 3,
  /** A licence must be accepted first. */
  LICENCE_NEEDED: 3,
  /** A signature is missing or by another key. */
  SIGNATURE_INVALID: 3,
  /** A bundle is damaged, incomplete or has something added. */
  BUNDLE_INVALID: 3,
  /** Another zookit holds the root. */
  LOCKED: 3,
  /** An installer failed; what it had changed is undone. */
  INSTALLER_FAILED: 5,
  /** Python, pip or uv could not do their part; what was changed is undone. */
  PYTHON_FAILED: 5,
  /** An installer failed and something is left, which is listed. */
  UNDO_INCOMPLETE: 6,
  /** A project folder or its web.config is not one that can be used. */
  SITE_INVALID: 3,
  /** Ctrl-C, or the system's end. */
  INTERRUPTED: 130,
} as const;

export type ErrorCode = keyof typeof exitStatuses;

export interface ErrorOptions {
  /** One action, with the command to type. */
  readonly hint?: string;
  /** The lower error, kept, not pasted into the message. */
  readonly cause?: unknown;
  /** Further lines below the message: wanted and found, reasons. */
  readonly details?: readonly string[];
  /** The machine must be restarted first; then the same thing is to be tried again. */
  readonly restartFirst?: boolean;
}

/**
 * A failure that its reader can act on. `message` is one sentence: what could not be done, and to what; names in
 * single quotes; no final stop. Never holds a secret.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: readonly string[];
  readonly restartFirst: boolean;

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.hint = options.hint;
    this.details = options.details ?? [];
    this.restartFirst = options.restartFirst ?? false;
  }
}

/** What a person would read of any thrown thing. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
