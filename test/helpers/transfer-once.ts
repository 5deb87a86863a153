// A process of its own that fetches one file: `transfer-once REQUEST-JSON CACHE-FOLDER`.
import { openCache } from '../../src/download/cache.js';
import type { UrlRequest } from '../../src/download/transfer.js';
import { transfer } from '../../src/download/transfer.js';
import { createHttp } from '../../src/lib/http.js';

const [request = '', folder = ''] = process.argv.slice(2);
await transfer(JSON.parse(request) as UrlRequest, {
  http: createHttp({ userAgent: 'test' }),
  cache: openCache(folder),
});
