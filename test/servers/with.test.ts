// A project that needs the Imaging Library from the start: `new --with`, by its other name, and a picture made smaller.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { assertDone, assertFails, zookitWorld } from '../helpers/zookit.js';

const resize = `
import io
from PIL import Image
stream = io.BytesIO()
Image.effect_noise((640, 480), 50).convert("RGB").save(stream, "JPEG")
stream.seek(0)
picture = Image.open(stream)
print(picture.format, picture.size, picture.resize((320, 240)).size)
`;

test('a project is made with a further product in its environment', async (context) => {
  const zookit = zookitWorld(context, { path: (process.env['PATH'] ?? '').split(delimiter) });
  assertFails(
    await zookit.run(['new', 'DjangoProject', 'shop', '--with', 'FlaskProject', '--yes']),
    2,
    'USAGE',
    /'FlaskProject' is a template/,
  );
  assertDone(await zookit.run(['new', 'DjangoProject', 'shop', '--with', 'PIL', '--yes']));
  const requirements = readFileSync(join(zookit.work, 'shop', 'requirements.txt'), 'utf8');
  assert.match(requirements, /^Pillow==\d/m);
  assert.match(requirements, /^Django==\d/m);
  const ran = await zookit.run(['python', '--env', 'shop', '-c', resize]);
  assert.equal(ran.stdout.trim(), 'JPEG (640, 480) (320, 240)', ran.stderr);
  assertDone(await zookit.run(['deploy', 'shop']));
});
