// Making a bundle is killed at moments of its whole duration: what is there then is never taken for a bundle, an older one is
// whole or has made place, and the same command ends with the bytes that it would have written undisturbed.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { bundleWorld, bytesOf, exportWords } from '../helpers/bundle-world.js';
import { disturbed, durationOf, moments } from '../helpers/moments.js';
import { assertDone, checkTalk } from '../helpers/zookit.js';

const targets = ['--platform', 'windows-x64', '--platform', 'linux-x64'];

for (const [what, signal, more] of [
  ['a folder', 'SIGKILL', []],
  ['one file', 'SIGKILL', ['--archive']],
  ['a folder, stopped politely', 'SIGINT', []],
] as const) {
  test(what, async (context) => {
    const { zookit, feed } = bundleWorld(context);
    const out = join(zookit.work, 'bundle');
    const older = exportWords(feed, 'bundle', ['Server', ...targets, ...more]);
    const words = exportWords(feed, 'bundle', ['Site', 'Server', ...targets, ...more]);
    assertDone(await zookit.run(older));
    const before = contentOf(out);
    assertDone(await zookit.run(words));
    const after = contentOf(out);
    assert.notDeepEqual(before, after);
    const duration = await durationOf(zookit, words);
    for (const moment of moments(what, duration)) {
      if (moment.index % 2 === 0) rmSync(out, { recursive: true, force: true });
      else assertDone(await zookit.run(older));
      const ended = await disturbed(zookit.start(words), moment, signal);
      if (signal !== 'SIGKILL') checkTalk(words, ended);
      if (existsSync(out)) {
        const found = contentOf(out);
        const whole = [before, after].some((each) => JSON.stringify(each) === JSON.stringify(found));
        assert.ok(whole, `${moment.name}: something else is under the name`);
      }
      for (const name of readdirSync(zookit.work).filter((each) => each !== 'bundle')) {
        // Whole already it may be, when the kill fell between its end and its name.
        const verified = await zookit.start(['bundle', 'verify', name]).ended;
        if (verified.status === 0) assert.deepEqual(contentOf(join(zookit.work, name)), after, moment.name);
        else assert.equal(verified.status, 3, `${moment.name}\n${verified.stderr}`);
      }
      assertDone(await zookit.run(words));
      assert.deepEqual(contentOf(out), after, moment.name);
      assert.deepEqual(readdirSync(zookit.work), ['bundle'], moment.name);
    }
  });
}

/** Bytes and rights, of a folder or of one file. */
function contentOf(path: string): [string, string][] {
  return [...bytesOf(path)];
}
