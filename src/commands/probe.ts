// `zookit probe`: what this machine has, as one JSON value that `--machine` reads on any other.
import type { Command } from '../command.js';
import { openRegistry } from '../catalog/registry.js';
import { windowsInventory } from '../catalog/windows-inventory.js';
import { text, textOption } from '../command.js';
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import { exists, writeWhole } from '../lib/files.js';
import { typedWord } from '../lib/quote.js';
import type { Catalog, Machine, Presence } from '../types.js';
import { openCatalog } from './open-catalog.js';
import { inspectionFor, isInterpreter, lookAt } from './planning.js';
import type { Probe } from '../catalog/probe-file.js';
import { probeOf, readProbe } from '../catalog/probe-file.js';

export const probe: Command = {
  usage: 'probe [FILE]',
  options: { env: text('DIR', 'the Python environment, or the project that holds it') },
  examples: ['zookit probe probe.json', 'zookit plan DjangoProject --machine probe.json'],
  async run(context, { options, names }) {
    const [file, ...others] = names;
    if (others.length > 0)
      throw new AppError('USAGE', 'probe: name one file', { hint: '`zookit probe probe.json`' });
    if (file !== undefined) await refuseOther(file);
    const found = await look(context, textOption(options, 'env'));
    if (file !== undefined) {
      await writeWhole(file, `${JSON.stringify(found, null, 2)}\n`);
      context.terminal.say(
        `Written to '${file}': give it to \`zookit plan PRODUCT --machine ${typedWord(file)}\``,
      );
    }
    if (file === undefined || context.terminal.json) context.terminal.printJson(found);
    return undefined;
  },
};

/** Only an earlier probe is written over: whatever else is there belongs to somebody. Throws USAGE. */
async function refuseOther(file: string): Promise<void> {
  if (!(await exists(file))) return;
  const isProbe = await readProbe(file).then(
    () => true,
    () => false,
  );
  if (isProbe) return;
  throw new AppError('USAGE', `'${file}' is there, and \`zookit probe\` has not written it`, {
    hint: 'Move it away, or choose another name: `zookit probe probe.json`',
  });
}

/** Throws USAGE when another machine was named: only this one can be looked at. */
async function look(context: Context, environment: string | undefined): Promise<Probe> {
  if (!context.thisMachine)
    throw new AppError('USAGE', 'Only this machine can be looked at', {
      hint: 'Leave `--platform` and `--machine` out',
    });
  const catalog = await openCatalog(context);
  const places = environment === undefined ? {} : { environment };
  const inspection = await inspectionFor(context, catalog, catalog.products.keys(), places);
  const machine = await lookAt(context, inspection);
  return probeOf(machine, {
    made: new Date().toISOString(),
    zookit: context.version,
    pythons: interpreters(catalog, machine),
    ...(context.platform.os === 'windows'
      ? await windowsInventory(openRegistry(context.run, context.variables))
      : {}),
  });
}

/** Every interpreter once, of whatever product it is a version. */
function interpreters(catalog: Catalog, { presences }: Machine): Presence[] {
  const found = [...presences].flatMap(([id, each]) => (isInterpreter(catalog, id) ? each : []));
  return [...new Map(found.map((presence) => [presence.path ?? presence.version, presence])).values()];
}
