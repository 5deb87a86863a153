// Pinning with the real uv against an index of our own on loopback; skipped where there is no uv.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { AppError } from '../../src/errors.js';
import { createHttp } from '../../src/lib/http.js';
import { run, type Run } from '../../src/lib/run.js';
import { pin } from '../../src/feed/pin.js';
import { parseRequirement } from '../../src/feed/requirement.js';
import { entries, entry, pinnedPackage } from '../helpers/pins.js';

const http = createHttp({ userAgent: 'zookit-test' });

test('the real uv, asking an index on loopback', async (context) => {
  const uv = [process.env['ZOOKIT_TEST_UV'], 'uv'].find(
    (each) => each !== undefined && spawnSync(each, ['--version']).status === 0,
  );
  if (uv === undefined) {
    context.skip('no uv on PATH');
    return;
  }
  const wheels = new Map([
    ...wheel('shop', '1.0', ['helper>=1', 'django', "for-windows; sys_platform == 'win32'"]),
    ...wheel('helper', '1.0', []),
    ...wheel('helper', '2.0', []),
    ...wheel('django', '5.2', ['only-for-django']),
    ...wheel('only_for_django', '1', []),
    ...wheel('for_windows', '1', []),
  ]);
  const index = createServer((request, response) => answerAsIndex(wheels, request.url ?? '', response));
  await new Promise<void>((ready) => index.listen(0, '127.0.0.1', ready));
  const cache = mkdtempSync(join(tmpdir(), 'zookit-uv-'));
  try {
    const simple = `http://user:sekrit@127.0.0.1:${(index.address() as AddressInfo).port}/simple/`;
    const settings = `global.index-url='${simple}'\n`;
    const stand: Run = (program, args, options) =>
      args[0] === '-m'
        ? Promise.resolve({ status: 0, stdout: settings, stderr: '' })
        : run(program, args, { ...options, env: { ...options?.env, UV_CACHE_DIR: cache } });
    const others = entries(
      entry('Django', '5.2', 'django', pinnedPackage('Django', '5.2')) +
        entry('Other', '1', 'other', pinnedPackage('other', '1') + pinnedPackage('helper', '1.0')),
    );
    const asked = { run: stand, http, uv, python: 'python3' };
    const closure = await pin({ requirement: parseRequirement('Shop==1.0'), entries: others }, asked);
    assert.deepEqual(
      closure.packages.map((each) => `${each.name} ${each.version} ${each.marker ?? ''}`.trim()),
      ["for-windows 1 sys_platform == 'win32'", 'helper 1.0', 'Shop 1.0'],
    );
    assert.deepEqual(closure.leftOut, [{ product: 'Django', name: 'django', version: '5.2' }]);
    for (const file of closure.packages.flatMap((each) => each.files)) {
      const content = wheels.get(file.name) ?? Buffer.alloc(0);
      assert.deepEqual([file.sha256, file.size], [sha256(content), content.length]);
    }
    const missing = pin({ requirement: parseRequirement('nothing==1'), entries: [] }, asked);
    await assert.rejects(missing, (error) => error instanceof AppError && error.code === 'PRODUCT_UNKNOWN');
  } finally {
    index.close();
    rmSync(cache, { recursive: true });
  }
});

/** A simple repository (PEP 503) whose pages tell hashes; files answer ranges of one byte. */
function answerAsIndex(wheels: ReadonlyMap<string, Buffer>, url: string, response: ServerResponse): void {
  const content = wheels.get(url.replace('/files/', ''));
  const project = /^\/simple\/([\w-]+)\/$/.exec(url)?.[1]?.replaceAll('-', '_');
  const names = [...wheels.keys()].filter((name) => name.startsWith(`${project ?? '/'}-`));
  if (content) {
    response.writeHead(206, { 'Content-Range': `bytes 0-0/${content.length}` }).end(content.subarray(0, 1));
  } else if (url.endsWith('.metadata')) {
    const name = url.replace('/files/', '').replace('.metadata', '');
    response.end(metadataOf.get(name));
  } else if (names.length === 0) {
    response.writeHead(404).end();
  } else {
    const links = names.map((name) => {
      const hashed = `/files/${name}#sha256=${sha256(wheels.get(name) ?? Buffer.alloc(0))}`;
      return `<a href="${hashed}" data-core-metadata="true">${name}</a>`;
    });
    response
      .writeHead(200, { 'Content-Type': 'text/html' })
      .end(`<html><body>${links.join('')}</body></html>`);
  }
}

const metadataOf = new Map<string, string>();

/** A wheel as far as a resolver looks at it: its metadata lie beside it (PEP 658), its content is never opened. */
function wheel(name: string, version: string, needs: readonly string[]): [string, Buffer][] {
  const file = `${name}-${version}-py3-none-any.whl`;
  const lines = needs.map((each) => `Requires-Dist: ${each}\n`).join('');
  metadataOf.set(file, `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n${lines}`);
  return [[file, Buffer.from(`the content of ${file}`)]];
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
