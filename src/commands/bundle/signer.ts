// Comes in: the path of a private key. Goes out: what signs with it, its public half, its fingerprint. The key itself leaves
// this file never.
import { readFile } from 'node:fs/promises';
import { AppError, messageOf } from '../../errors.js';
import { fingerprintOf, publicKeyOf, sign } from '../../lib/signing.js';

export interface Signer {
  /** Base64. */
  readonly sign: (bytes: Uint8Array) => string;
  /** PEM. */
  readonly publicKey: string;
  readonly fingerprint: string;
}

/** Throws USAGE for a file that cannot be read, SIGNATURE_INVALID for one that holds no Ed25519 key. */
export async function openSigner(path: string): Promise<Signer>;
export async function openSigner(path: string | undefined): Promise<Signer | undefined>;
export async function openSigner(path: string | undefined): Promise<Signer | undefined> {
  if (path === undefined) return undefined;
  const key = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new AppError('USAGE', `The key '${path}' cannot be read`, {
      cause,
      details: [messageOf(cause)],
      hint: 'Make a key with `zookit feed keygen FILE`',
    });
  });
  const publicKey = publicKeyIn(key, path);
  return { sign: (bytes) => sign(bytes, key), publicKey, fingerprint: fingerprintOf(publicKey) };
}

function publicKeyIn(key: string, path: string): string {
  try {
    return publicKeyOf(key);
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    const { code, details, hint = '' } = cause;
    throw new AppError(code, `'${path}' is not a private key of Ed25519`, { cause, details, hint });
  }
}
