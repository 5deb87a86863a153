// `zookit bundle list PATH`: what a bundle holds, for which machines, and what those must have themselves.
import type { BundleIndex } from '../../bundle/layout.js';
import { withBundle } from '../../bundle/open.js';
import type { CommandInput } from '../../command.js';
import { textOption } from '../../command.js';
import type { Context } from '../../context.js';
import { columns, sizeText } from '../../lib/terminal.js';
import { onlyPath } from './verify.js';
import { verifyAloud } from './with-bundles.js';

/** `names` is the path alone; verifies first. Throws BUNDLE_INVALID, SIGNATURE_INVALID. */
export async function bundleList(context: Context, { options, names }: CommandInput): Promise<undefined> {
  const { terminal } = context;
  await withBundle(onlyPath(names, 'list'), { scratch: context.paths.bundle }, async (folder) => {
    const { index, bytes, digest, fingerprint } = await verifyAloud(
      context,
      folder,
      textOption(options, 'key'),
    );
    if (terminal.json) terminal.printJson({ ok: true, ...index, bytes, digest, signer: fingerprint ?? null });
    else {
      terminal.print(listText(index));
      const signed = fingerprint === undefined ? 'not signed' : `signed by ${fingerprint}`;
      terminal.say(`${sizeText(bytes)} in all, made by Zookit ${index.zookit}, ${signed}`);
    }
  });
  return undefined;
}

/** Targets, products, needs, each as a table with a heading. */
function listText({ targets, products, needs }: BundleIndex): string {
  const words = { feature: 'Windows feature', python: 'Python', system: 'package of the system' };
  const severalTargets = targets.length > 1;
  return [
    ...targets.map(({ name, python }) => `For ${name}, Python ${python}`),
    '',
    columns(
      products.map(({ id, version, bytes, license, asked, targets: names }) => [
        id,
        version,
        bytes > 0 ? sizeText(bytes) : '',
        license,
        asked ? '' : 'needed',
        severalTargets ? names.join(', ') : '',
      ]),
    ),
    ...(needs.length === 0 ? [] : ['', 'The machine itself must have:']),
    ...needs.map(({ target, kind, name }) => `${severalTargets ? `${target}: ` : ''}${words[kind]} ${name}`),
  ].join('\n');
}
