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

/** What the system's own codes mean; those that are missing here keep Node's words. */
const systemWords: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'a part of the path is a file',
  EISDIR: 'it is a folder',
  ENAMETOOLONG: 'the name is too long',
  EACCES: 'this user may not',
  EPERM: 'this user may not',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EBUSY: 'something else uses it',
  EADDRINUSE: 'it is in use',
  ECONNREFUSED: 'nobody answers',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  ETIMEDOUT: 'there was no answer in time',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no way to it',
  ENOTFOUND: 'the name is not known',
  EAI_AGAIN: 'the name cannot be looked up now',
};

/** Sentences of Node, and what they mean to somebody who has not written the program. */
const plainWords: Readonly<Record<string, string>> = {
  aborted: 'the connection was cut',
  'socket hang up': 'the connection was cut',
  'unable to verify the first certificate': 'nobody known here has signed its certificate',
  'unable to get local issuer certificate': 'nobody known here has signed its certificate',
  'self-signed certificate': 'it has signed its certificate itself',
  'self-signed certificate in certificate chain': 'nobody known here has signed its certificate',
  'certificate has expired': 'its certificate has expired',
};

/** What a person would read of any thrown thing: no codes and no names of functions where there are words for them. */
export function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const [, code, node, path] = /^(E[A-Z]+): ([^,]+), \w+(?: '(.*)')?$/.exec(message) ?? [];
  if (code !== undefined) return `${systemWords[code] ?? node}${path === undefined ? '' : `: '${path}'`}`;
  const [, program] = /^spawn (.+) ENOENT$/.exec(message) ?? [];
  if (program !== undefined) return `there is no program '${program}'`;
  const [, call, place] = /^[a-z]+ (E[A-Z_]+)(?: (.+))?$/.exec(message) ?? [];
  const words = systemWords[call ?? ''];
  if (words !== undefined) return `${words}${place === undefined ? '' : ` (${place})`}`;
  // Newer Nodes name an option of theirs besides.
  return plainWords[message.replace(/; if the root CA is installed locally.*$/, '')] ?? message;
}
