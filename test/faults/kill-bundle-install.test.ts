// Installing from a bundle is killed (kill -9) at moments of its whole duration, by the program and by install.sh. The next
// run of the same ends well, and after it all is as if nothing had happened.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, test } from 'node:test';
import { makeTarGz } from '../helpers/archives.js';
import { archiveXml, entryXml, feedXml, sha256 } from '../helpers/feed-xml.js';
import { temporaryFolder, tree } from '../helpers/folder.js';
import { disturbed, durationOf, momentCount, moments } from '../helpers/moments.js';
import type { BundleParts } from '../helpers/small-bundle.js';
import { makeBundle } from '../helpers/small-bundle.js';
import { differences, keepFolders, snapshot } from '../helpers/snapshot.js';
import { assertDone, zookitWorld } from '../helpers/zookit.js';

const varies = /^(journal\.jsonl|cache)(\/|$)/;

/** Twelve products, each with a file that takes a while to copy and to unpack. */
function manyParts(): Pick<BundleParts, 'feed' | 'files' | 'asked'> {
  const names = Array.from({ length: 12 }, (_, index) => `Tool${index}`);
  const archives = names.map((name) => {
    const content = Buffer.alloc(3_000_000, sha256(name));
    return [name, makeTarGz([{ name: `${name}/data.bin`, content }])] as const;
  });
  const entries = archives.map(([name, bytes]) => {
    const address = `../files/${sha256(bytes)}/${name}.tar.gz`;
    return entryXml(name, '1.0', { installers: archiveXml(address, bytes, 'strip="1"') });
  });
  const files = Object.fromEntries(archives.map(([name, bytes]) => [`${name}.tar.gz`, bytes]));
  return { feed: feedXml(...entries), files, asked: names };
}

describe('kill -9 of an installation from a bundle', { concurrency: 1 }, () => {
  test('by zookit install --bundle', async (context) => {
    const zookit = zookitWorld(context);
    const stick = join(temporaryFolder(context), 'stick');
    await makeBundle(stick, manyParts());
    const words = ['install', '--bundle', stick, '--yes'];
    mkdirSync(zookit.root);
    const reset = keepFolders([zookit.root], temporaryFolder(context));
    const duration = await durationOf(zookit, words);
    const after = snapshot(zookit.root, varies);
    assert.ok(Object.keys(after).some((name) => name.endsWith('Tool11/data.bin')));
    for (const moment of moments('install --bundle', duration)) {
      reset();
      await disturbed(zookit.start(words), moment, 'SIGKILL');
      const saved = join(zookit.root, 'feeds.json');
      // A reader takes away nothing of what the killed one has left: that is for the next writer.
      if (existsSync(saved)) assertDone(await zookit.start(['list']).ended);
      assertDone(await zookit.run(words));
      assert.deepEqual(differences(snapshot(zookit.root, varies), after), [], moment.name);
    }
  });

  test('by install.sh', { skip: process.platform === 'win32' && 'a script of sh' }, async (context) => {
    const folder = temporaryFolder(context);
    const stick = join(folder, 'stick');
    await makeBundle(stick, { ...manyParts(), node: process.execPath });
    const prefix = join(folder, 'prefix');
    const env = { PATH: '/usr/bin:/bin', HOME: folder, ZOOKIT_ROOT: join(folder, 'root'), TMPDIR: folder };
    mkdirSync(prefix);
    mkdirSync(env.ZOOKIT_ROOT);
    const reset = keepFolders([prefix, env.ZOOKIT_ROOT], temporaryFolder(context));
    const run = async (stopAfter?: number): Promise<number | null> => {
      const words = [join(stick, 'install.sh'), '--prefix', prefix, '--yes'];
      const child = spawn('sh', words, { env, stdio: 'ignore', detached: true });
      const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
      if (stopAfter === undefined) return ended;
      await Promise.race([pause(stopAfter), ended]);
      // The script and all that it has started.
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
      return ended;
    };
    const started = performance.now();
    assert.equal(await run(), 0);
    const duration = Math.round(performance.now() - started);
    const after = snapshot(env.ZOOKIT_ROOT, varies);
    const library = tree(join(prefix, 'lib', 'zookit')).length;
    for (const moment of moments('install.sh', duration, Math.min(momentCount, 6))) {
      reset();
      await run(moment.after);
      assert.equal(await run(), 0, moment.name);
      assert.deepEqual(differences(snapshot(env.ZOOKIT_ROOT, varies), after), [], moment.name);
      assert.equal(tree(join(prefix, 'lib', 'zookit')).length, library, moment.name);
      assert.match(readFileSync(join(prefix, 'bin', 'zookit'), 'utf8'), /^#!\/bin\/sh\nexec /);
      assert.deepEqual(tree(join(prefix, 'bin')), ['zookit'], moment.name);
    }
  });
});
