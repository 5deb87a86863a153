// Goes out: a certificate authority of our own and a server's certificate by it, made by openssl; undefined without one.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Certificates {
  /** The authority's file, for SSL_CERT_FILE. */
  readonly authority: string;
  readonly key: Buffer;
  readonly certificate: Buffer;
}

/** False where there is an openssl, else why a test is skipped. */
export const withoutOpenssl: string | false =
  spawnSync('openssl', ['version']).status === 0 ? false : 'no openssl';

/** Makes both in a folder; the server's is for `localhost`, 127.0.0.1 and these names. */
export function makeCertificates(folder: string, ...names: readonly string[]): Certificates {
  const file = (name: string): string => join(folder, name);
  const key = (name: string): string[] => ['-newkey', 'rsa:2048', '-nodes', '-keyout', file(`${name}.key`)];
  openssl('req', '-x509', ...key('ca'), '-out', file('ca.pem'), '-subj', '/CN=Test CA', '-days', '2');
  openssl('req', ...key('server'), '-out', file('server.csr'), '-subj', '/CN=localhost');
  const alternatives = ['DNS:localhost', 'IP:127.0.0.1', ...names.map((name) => `DNS:${name}`)];
  writeFileSync(file('names'), `subjectAltName=${alternatives.join(',')}\n`);
  const signing = ['-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-CAcreateserial'];
  const named = ['-extfile', file('names'), '-days', '2'];
  openssl('x509', '-req', '-in', file('server.csr'), ...signing, ...named, '-out', file('server.pem'));
  return {
    authority: file('ca.pem'),
    key: readFileSync(file('server.key')),
    certificate: readFileSync(file('server.pem')),
  };
}

function openssl(...words: readonly string[]): void {
  const done = spawnSync('openssl', words, { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(done.stderr);
}
