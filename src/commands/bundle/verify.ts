// `zookit bundle verify PATH`: every file of a bundle against its list, the list against its signature.
import { withBundle } from '../../bundle/open.js';
import type { CommandInput } from '../../command.js';
import { textOption } from '../../command.js';
import type { Context } from '../../context.js';
import { AppError } from '../../errors.js';
import { sizeText } from '../../lib/terminal.js';
import { verifyAloud } from './with-bundles.js';

/** `names` is the path alone; throws BUNDLE_INVALID, SIGNATURE_INVALID. */
export async function bundleVerify(context: Context, { options, names }: CommandInput): Promise<undefined> {
  const { terminal } = context;
  await withBundle(onlyPath(names, 'verify'), { scratch: context.paths.bundle }, async (folder) => {
    const bundle = await verifyAloud(context, folder, textOption(options, 'key'));
    const { sums, bytes, digest, fingerprint, strays, index } = bundle;
    if (terminal.json) {
      const signer = fingerprint ?? null;
      terminal.printJson({
        ok: true,
        files: sums.length,
        bytes,
        digest,
        signer,
        strays,
        base: index.base ?? null,
      });
      return;
    }
    terminal.say(`All ${sums.length} files (${sizeText(bytes)}) are as the list says, and nothing was added`);
    terminal.say(`Digest of SHA256SUMS: ${digest}`);
    terminal.say(fingerprint === undefined ? 'Not signed' : `Signed by ${fingerprint}`);
    if (index.base !== undefined) terminal.say(`A difference to the bundle with the digest ${index.base}`);
  });
  return undefined;
}

/** The path that a verb of `bundle` works on; throws USAGE. */
export function onlyPath(names: readonly string[], verb: string): string {
  const [path, ...others] = names;
  if (path !== undefined && others.length === 0) return path;
  throw new AppError('USAGE', `bundle ${verb}: name one bundle`, { hint: `\`zookit bundle ${verb} PATH\`` });
}
