// `zookit show`: everything about one product.
import type { Command } from '../command.js';
import { bundleOptions, text, textOption } from '../command.js';
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import { withoutCredentials } from '../lib/credentials.js';
import { chooseInstaller } from '../plan/choose.js';
import type { Dependency, Entry, Machine } from '../types.js';
import { noSuchProduct } from './not-found.js';
import { openCatalog } from './open-catalog.js';
import { inspectionFor, lookAt } from './planning.js';
import { findProduct } from '../lib/find-product.js';
import { platformName } from '../lib/platforms.js';

export const show: Command = {
  usage: 'show PRODUCT',
  options: { ...bundleOptions, env: text('DIR', 'the Python environment, or the project that holds it') },
  examples: ['zookit show Django'],
  async run(context, { options, names }) {
    const [id] = names;
    if (id === undefined) throw new AppError('USAGE', 'show: name a product', { hint: 'See `zookit list`' });
    const catalog = await openCatalog(context);
    const product = findProduct(catalog, id);
    if (!product) throw noSuchProduct(catalog, id);
    const environment = textOption(options, 'env');
    const places = environment === undefined ? {} : { environment };
    const machine = await lookAt(
      context,
      await inspectionFor(context, catalog, [product.id.toLowerCase()], places),
    );
    const installed = machine.presences.get(product.id.toLowerCase()) ?? [];
    const versions = product.entries.map((entry) => versionJson(entry, machine, context));
    const value = { ok: true, id: product.id, feed: withoutCredentials(product.feed), installed, versions };
    if (context.terminal.json) context.terminal.printJson(value);
    else context.terminal.print(textOf(product.entries, value));
    return undefined;
  },
};

interface VersionJson {
  readonly version: string;
  readonly recommended: boolean;
  readonly needs: string;
  readonly installer: string | null;
  readonly reason: string | null;
}

function versionJson(entry: Entry, machine: Machine, context: Context): VersionJson {
  const choice = chooseInstaller(entry, {
    ...machine,
    ...(context.language === undefined ? {} : { language: context.language }),
  });
  return {
    version: entry.version,
    recommended: entry.recommended,
    needs: entry.dependency ? dependencyText(entry.dependency) : '',
    installer: 'installer' in choice ? choice.installer.action.kind : null,
    reason: 'installer' in choice ? null : `${choice.reason} (${platformName(machine.platform)})`,
  };
}

/** An AND/OR tree as people write it. */
function dependencyText(dependency: Dependency): string {
  const only = dependency.os === undefined ? '' : ` [${dependency.os}]`;
  switch (dependency.kind) {
    case 'product':
      return `${dependency.id}${dependency.range === undefined ? '' : ` ${dependency.range}`}${only}`;
    case 'all':
      return `${dependency.of.map(dependencyText).join(', ')}${only}`;
    case 'any':
      return `(${dependency.of.map(dependencyText).join(' or ')})${only}`;
    case 'shared':
      return dependency.id;
  }
}

function textOf(
  entries: readonly Entry[],
  value: {
    id: string;
    feed: string;
    installed: readonly { version: string; place: string; path?: string }[];
    versions: VersionJson[];
  },
): string {
  const [first] = entries;
  const parameters = first?.parameters ?? [];
  return [
    `${value.id}: ${first?.title ?? ''}`,
    ...(first?.summary ? [`  ${first.summary}`] : []),
    ...(first?.license === undefined ? [] : [`  Licence    ${first.license}`]),
    ...(first?.aliases.length ? [`  Also       ${first.aliases.join(', ')}`] : []),
    `  Feed       ${value.feed}`,
    ...value.installed.map(({ version, place, path }) => `  Installed  ${version}  ${path ?? place}`),
    ...value.versions.map(
      ({ version, recommended, needs, installer, reason }) =>
        `  Version    ${version}${recommended ? ' (recommended)' : ''}: ${installer ?? `no installer: ${reason ?? ''}`}${needs === '' ? '' : `; needs ${needs}`}`,
    ),
    ...parameters.map(
      ({ name, title, default: standard }) =>
        `  Parameter  ${name}${standard ? ` [${standard}]` : ''}: ${title}`,
    ),
  ].join('\n');
}
