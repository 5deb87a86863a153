// `zookit feed keygen`: a key that signs bundles and feeds: the private half for its owner only, the public one beside it.
import { chmod } from 'node:fs/promises';
import type { Context } from '../../context.js';
import { AppError } from '../../errors.js';
import { exists, writeWhole } from '../../lib/files.js';
import { fingerprintOf, generateKey } from '../../lib/signing.js';

/** Writes FILE (PKCS #8, mode 0600) and FILE.pub; never over a key that is there. Throws USAGE. */
export async function keygenCommand(context: Context, names: readonly string[]): Promise<undefined> {
  const [file, ...others] = names;
  if (file === undefined || others.length > 0)
    throw new AppError('USAGE', 'feed keygen: name one file', { hint: '`zookit feed keygen ./signing.key`' });
  const publicFile = `${file}.pub`;
  for (const path of [file, publicFile]) {
    if (!(await exists(path))) continue;
    throw new AppError('USAGE', `'${path}' is there already: a key is never written over`, {
      hint: 'Name a file that does not exist yet',
    });
  }
  const { privateKey, publicKey } = generateKey();
  await writeWhole(file, privateKey, 0o600);
  // The mode of a new file has the rights of a group taken away by most accounts, and never any given.
  await chmod(file, 0o600);
  await writeWhole(publicFile, publicKey);
  const fingerprint = fingerprintOf(publicKey);
  const { terminal } = context;
  if (terminal.json) terminal.printJson({ ok: true, key: file, publicKey: publicFile, fingerprint });
  else {
    terminal.say(`Written: '${file}' (keep it to yourself) and '${publicFile}'`);
    terminal.print(fingerprint);
  }
  return undefined;
}
