// `zookit bundle`: products with all that they need in one checked folder, for machines without a network: made, looked at.
import type { Command } from '../command.js';
import { flag, list, text, unknownVerb } from '../command.js';

export const bundle: Command = {
  usage: 'bundle export|verify|list|webpi ...',
  options: {
    out: text('PATH', 'export, webpi: where the bundle or the cache goes'),
    platform: list('OS-ARCH', 'export: a machine it is for, for example windows-x64; again for more'),
    python: text('3.N', 'export: the minor version of Python; else that of the recommended one'),
    for: text('FILE', 'export: only what the machine lacks that `zookit probe` wrote this file on'),
    'all-alternatives': flag('export: every choice of its questions, every branch of an `or`'),
    param: list('NAME=VALUE', 'export: an answer that brings products along; again for more'),
    base: text('OLD', 'export: leave out what this older bundle has (its folder, or its SHA256SUMS)'),
    archive: flag('export: one zip instead of a folder'),
    sign: text('KEY', 'export: sign with this private key, see `zookit feed keygen`'),
    'no-runtime': flag('export: without Node, for machines that have it'),
    'accept-eula': flag('export: the licences of the products are accepted'),
    'allow-unverified': flag('export: take files without a hash too'),
    all: flag('webpi: every product of the feeds'),
    url: text('URL', 'webpi: the address at which the cache will be served'),
    key: text('FINGERPRINT', 'verify, list: the bundle must be signed by this key'),
  },
  afterVerb: { export: 'PRODUCT[@RANGE]...', webpi: 'PRODUCT[@RANGE]...', verify: 'PATH', list: 'PATH' },
  examples: [
    'zookit bundle export DjangoProject Pillow --platform windows-x64 --out ./bundle',
    'zookit bundle export DjangoProject --param Database=postgresql --for probe.json --out ./bundle',
    'zookit bundle verify ./bundle',
    'zookit bundle list ./bundle',
    'zookit bundle webpi Django --out ./cache',
  ],
  async run(context, input) {
    const [verb, ...names] = input.names;
    switch (verb) {
      case 'export':
        return (await import('./bundle/export.js')).bundleExport(context, names, input.options);
      case 'verify':
        return (await import('./bundle/verify.js')).bundleVerify(context, { ...input, names });
      case 'list':
        return (await import('./bundle/list.js')).bundleList(context, { ...input, names });
      case 'webpi':
        return (await import('./bundle/webpi-cache.js')).webpiCache(context, names, input.options);
      default:
        throw unknownVerb(
          bundle,
          verb,
          '`zookit bundle export PRODUCT... --out PATH`, `verify PATH`, `list PATH` or `webpi PRODUCT... --out DIR`',
        );
    }
  },
};
