// `npm run bench -- NAME... [--rounds N]`: measures, and prints tables on stdout. Without names: everything.
import { parseArgs } from 'node:util';
import { benchBundle } from './bundle.js';
import { benchDownload } from './download.js';
import { benchFeed } from './feed.js';
import { benchInstall } from './install.js';
import { benchUnpack } from './unpack.js';

/** A bench prints its own table; it throws when it cannot measure. */
const benches: Readonly<Record<string, (rounds: number) => Promise<void>>> = {
  install: benchInstall,
  download: benchDownload,
  unpack: benchUnpack,
  feed: benchFeed,
  bundle: benchBundle,
};

const { values, positionals } = parseArgs({
  options: { rounds: { type: 'string', default: '5' } },
  allowPositionals: true,
});
const unknown = positionals.find((name) => !Object.hasOwn(benches, name));
if (unknown !== undefined) {
  process.stderr.write(`'${unknown}' is no bench; there are ${Object.keys(benches).join(', ')}\n`);
  process.exitCode = 2;
} else {
  for (const [name, bench] of Object.entries(benches))
    if (positionals.length === 0 || positionals.includes(name)) await bench(Number(values.rounds));
}
