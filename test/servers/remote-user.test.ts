// Visitors that the web server knows: with SITE_REMOTE_USER=1 the worker's REMOTE_USER is Django's user, a header never is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { join } from 'node:path';
import { satisfies } from '../../src/lib/version.js';
import { hasModule, pythonsHere } from '../helpers/pythons.js';
import { assertDone, zookitWorld } from '../helpers/zookit.js';

const visits = `
import os, django
os.environ['DJANGO_SETTINGS_MODULE'] = 'demo.settings'
django.setup()
from django.test import Client
from django.contrib.auth import get_user_model
for known in ({'REMOTE_USER': 'CORP\\\\anna'}, {'REMOTE_USER': ''}, {'HTTP_REMOTE_USER': 'CORP\\\\eve'}):
    response = Client(SERVER_NAME='localhost').get('/', **known)
    print(response.status_code, response.wsgi_request.user)
print([(user.username, user.is_staff) for user in get_user_model().objects.all()])
`;

const pythons = (await pythonsHere()).filter(({ version }) => satisfies(version, '>=3.10 <3.15'));
const usable = [];
for (const python of pythons) if (await hasModule(python, 'pip')) usable.push(python);
const [python] = usable;

test(
  'REMOTE_USER is the user where that is switched on, and nowhere else',
  { skip: !python && 'no Python from 3.10 on with pip is installed' },
  async (context) => {
    const zookit = zookitWorld(context, { programs: { python3: python?.path ?? '' } });
    const project = join(zookit.work, 'demo');
    assertDone(await zookit.run(['new', 'DjangoProject', project, '--yes']));
    const ask = async (env: Readonly<Record<string, string>>): Promise<string[]> => {
      const ran = await zookit.run(['python', '--env', project, '-c', visits], { env, cwd: project });
      assertDone(ran);
      return ran.stdout.trim().split('\n');
    };
    assert.deepEqual(await ask({}), [...Array<string>(3).fill('200 AnonymousUser'), '[]']);
    assert.deepEqual(await ask({ SITE_REMOTE_USER: '1' }), [
      '200 CORP\\anna',
      '200 AnonymousUser',
      '200 AnonymousUser',
      "[('CORP\\\\anna', False)]",
    ]);
  },
);
