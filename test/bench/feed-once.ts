// One reading of a list in a process of its own, as every command does it: `feed-once WAY LIST CACHE JSON`. Says the seconds
// from the file's name to the result; node's own start does not count.
import { readFileSync } from 'node:fs';
import { buildCatalog } from '../../src/catalog/catalog.js';
import { loadFeeds } from '../../src/feed/load.js';
import { createHttp } from '../../src/lib/http.js';

const [way = '', list = '', cacheDirectory = '', json = ''] = process.argv.slice(2);

async function catalogSize(): Promise<number> {
  const deps = { http: createHttp({ userAgent: 'bench' }), cacheDirectory, offline: true };
  return buildCatalog((await loadFeeds([list], deps)).feeds).products.size;
}

/** Each returns something that is there only when it was done. */
const ways: Readonly<Record<string, () => Promise<unknown>>> = {
  zookit: catalogSize,
  xml2js: async () =>
    (await import('xml2js')).parseStringPromise(readFileSync(list, 'utf8')) as Promise<unknown>,
  json: () => Promise.resolve(JSON.parse(readFileSync(json, 'utf8'))),
};

const started = performance.now();
const result = await ways[way]?.();
const seconds = (performance.now() - started) / 1000;
if (!result) throw new Error(`'${way}' read nothing`);
process.stdout.write(String(seconds));
