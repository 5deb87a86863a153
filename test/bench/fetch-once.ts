// `fetch-once REQUESTS.json CACHE`: fetches as an installation does, then says its peak memory in MB.
import { readFileSync } from 'node:fs';
import { openCache } from '../../src/download/cache.js';
import { download } from '../../src/download/download.js';
import { createHttp } from '../../src/lib/http.js';
import { run } from '../../src/lib/run.js';
import type { FileRequest } from '../../src/types.js';

const [list = '', folder = ''] = process.argv.slice(2);
await download(JSON.parse(readFileSync(list, 'utf8')) as FileRequest[], {
  http: createHttp({ userAgent: 'zookit-bench' }),
  cache: openCache(folder),
  run,
  offline: false,
  allowUnverified: false,
  pythons: [],
  pythonMinor: undefined,
});
process.stdout.write(`${Math.round(process.resourceUsage().maxRSS / 1024)}\n`);
