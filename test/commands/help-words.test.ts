// The short word for help, wherever it stands.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertDone, zookitWorld } from '../helpers/zookit.js';

test('-h is --help', async (context) => {
  const zookit = zookitWorld(context);
  for (const name of [[], ['install'], ['feed'], ['serve']]) {
    const [short, long] = await Promise.all([zookit.run([...name, '-h']), zookit.run([...name, '--help'])]);
    assertDone(short);
    assert.equal(short.stdout, long.stdout);
    assert.match(short.stdout, /zookit/);
  }
});
