// Comes in: bytes and Ed25519 keys in PEM. Goes out: signatures, whether one is right, and a key's fingerprint. Knows
// nothing of what is signed and keeps no file.
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { sign as signBytes, verify as verifyBytes, type KeyObject } from 'node:crypto';
import { AppError } from '../errors.js';

export interface KeyPair {
  /** PEM, PKCS #8 (RFC 5958); for its owner only. */
  readonly privateKey: string;
  /** PEM, SubjectPublicKeyInfo (RFC 8410). */
  readonly publicKey: string;
}

/** A new Ed25519 key (RFC 8032). */
export function generateKey(): KeyPair {
  return generateKeyPairSync('ed25519', {
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
}

/** The signature of bytes, base64 without line breaks: same bytes, same key, same signature. Throws SIGNATURE_INVALID. */
export function sign(bytes: Uint8Array, privateKey: string): string {
  return signBytes(null, bytes, privateOf(privateKey)).toString('base64');
}

/** Whether a signature (base64) over bytes is by the key. Throws SIGNATURE_INVALID when the key is none. */
export function verify(bytes: Uint8Array, signature: string, publicKey: string): boolean {
  return verifyBytes(null, bytes, publicOf(publicKey), Buffer.from(signature.trim(), 'base64'));
}

/** The public half of a private key, PEM. Throws SIGNATURE_INVALID. */
export function publicKeyOf(privateKey: string): string {
  return createPublicKey(privateOf(privateKey)).export({ type: 'spki', format: 'pem' }).toString();
}

/** `SHA256:` and the lower-case hex SHA-256 of a public key's DER. Throws SIGNATURE_INVALID. */
export function fingerprintOf(publicKey: string): string {
  const der = publicOf(publicKey).export({ type: 'spki', format: 'der' });
  return `SHA256:${createHash('sha256').update(der).digest('hex')}`;
}

/** A fingerprint as somebody typed it (any case, with or without `SHA256:`, colons, blanks); undefined when it is none. */
export function parseFingerprint(typed: string): string | undefined {
  const hex = typed
    .trim()
    .replace(/^sha256:/i, '')
    .replace(/[:\s]/g, '')
    .toLowerCase();
  return /^[0-9a-f]{64}$/.test(hex) ? `SHA256:${hex}` : undefined;
}

function privateOf(pem: string): KeyObject {
  return checked(() => createPrivateKey(pem), 'private');
}

function publicOf(pem: string): KeyObject {
  // A private key in its place would be taken too: its public half is derived.
  if (/PRIVATE KEY/.test(pem)) throw wrongKey('public');
  return checked(() => createPublicKey(pem), 'public');
}

function checked(read: () => KeyObject, kind: 'private' | 'public'): KeyObject {
  let key: KeyObject;
  try {
    key = read();
  } catch {
    // The lower error may quote the key.
    throw wrongKey(kind);
  }
  if (key.asymmetricKeyType !== 'ed25519') throw wrongKey(kind, key.asymmetricKeyType);
  return key;
}

function wrongKey(kind: 'private' | 'public', found = 'something else'): AppError {
  return new AppError('SIGNATURE_INVALID', `The file is no ${kind} key of Ed25519`, {
    details: [`Wanted a PEM file of an Ed25519 ${kind} key`, `Found  ${found}`],
    hint: 'Make a key with `zookit feed keygen FILE`: FILE is the private one, FILE.pub the public one',
  });
}
