// `--iis` on any machine: the plan that shows all of it, and what is refused before anything is looked at.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertDone, json, zookitWorld } from '../helpers/zookit.js';

interface ShownStep {
  readonly product: string;
  readonly place: string;
  readonly neededBy: readonly string[];
  readonly commands: readonly { readonly why?: string; readonly command: readonly string[] }[];
}

const elsewhere = ['--platform', 'windows-x64'];

describe('--iis', { concurrency: 2 }, () => {
  test('a plan for Windows shows every command, in text and as JSON', async (t) => {
    const zookit = zookitWorld(t);
    const words = ['plan', 'DjangoProject', '--iis', 'Default Web Site/shop', ...elsewhere];
    const told = await zookit.run([...words, '--json']);
    assertDone(told);
    const steps = json(told)['steps'] as ShownStep[];
    const last = steps.at(-1);
    assert.deepEqual(
      [last?.product, last?.place, last?.neededBy],
      ['IISApplication', 'IIS:Default Web Site/shop', []],
      'after the template',
    );
    const products = steps.map(({ product }) => product);
    for (const id of ['DjangoProject', 'PythonHostingPackage', 'HttpPlatformHandler'])
      assert.ok(products.includes(id), id);
    const lines = last?.commands.map(({ command }) => command.slice(1, 4).join(' ')) ?? [];
    assert.ok(lines.includes('add apppool /name:shop') && lines.includes('start apppool /apppool.name:shop'));
    const sqlite = last?.commands.flatMap(({ command }) => command) ?? [];
    assert.ok(
      sqlite.includes('/recycling.disallowOverlappingRotation:true'),
      "the template's default database",
    );

    const shown = await zookit.run(words);
    assertDone(shown);
    assert.match(
      shown.stdout,
      /# start the pool\n {4}runs {4}.*appcmd\.exe start apppool \/apppool\.name:shop/,
    );
    assert.match(shown.stdout, /undo {4}.*appcmd\.exe delete app "\/app\.name:Default Web Site\/shop"/);
  });

  test('answers reach the site: database, pool, binding, Windows accounts', async (t) => {
    const zookit = zookitWorld(t);
    const told = await zookit.run([
      ...['plan', 'DjangoProject', '--iis', 'Shop', '--binding', 'http/*:8080:', '--pool', 'web', '--json'],
      ...['--auth', 'windows', '--param', 'Database=postgresql', ...elsewhere],
    ]);
    assertDone(told);
    const steps = json(told)['steps'] as ShownStep[];
    assert.ok(steps.some(({ product }) => product === 'IISWindowsAuthentication'));
    const words = steps.at(-1)?.commands.flatMap(({ command }) => command) ?? [];
    for (const word of ['/name:web', '/bindings:http/*:8080:', 'IIS AppPool\\web:(OI)(CI)RX'])
      assert.ok(words.includes(word), word);
    assert.ok(!words.includes('/recycling.disallowOverlappingRotation:true'));
  });

  test("the form of web.config decides what the site's server needs", async (t) => {
    const zookit = zookitWorld(t);
    const words = ['plan', 'DjangoProject', '--iis', 'Default Web Site/shop', ...elsewhere, '--json'];
    const needs = async (...form: readonly string[]): Promise<boolean> => {
      const told = await zookit.run([...words, ...form]);
      assertDone(told);
      const handler = (json(told)['steps'] as ShownStep[]).find(
        ({ product }) => product === 'HttpPlatformHandler',
      );
      return handler?.neededBy.includes('IISApplication') === true;
    };
    assert.deepEqual([await needs(), await needs('--host', 'fastcgi')], [true, false]);
    const refused = await zookit.run([...words, '--host', 'zoo', '--auth', 'windows']);
    assert.equal((json(refused)['error'] as { code: string }).code, 'USAGE');
  });

  test('a Windows that is too old for IIS 10 and for Python is told so', async (t) => {
    const zookit = zookitWorld(t);
    const planned = async (product: string, release: string): Promise<unknown> => {
      const told = json(
        await zookit.run(['plan', product, '--platform', `windows-x64@${release}`, '--json']),
      );
      const { steps, error } = told as { steps?: { version: string }[]; error?: { code: string } };
      return error?.code ?? steps?.at(-1)?.version.replace(/\.\d+$/, '');
    };
    assert.deepEqual(
      [await planned('Python', '6.1'), await planned('Python', '6.3'), await planned('Python', '10.0.14393')],
      ['NO_INSTALLER', '3.12', '3.13'],
    );
    assert.equal(await planned('PythonHostingPackage', '6.3'), 'NO_INSTALLER');
  });

  test('what cannot be is told with what to type', async (t) => {
    const zookit = zookitWorld(t);
    const site = ['--iis', 'Default Web Site/shop'];
    const here = [
      [
        ['new', 'DjangoProject', 'shop', ...site],
        'NO_INSTALLER',
        /plan DjangoProject --iis .* --platform windows-x64/,
      ],
      [['plan', 'DjangoProject', ...site], 'NO_INSTALLER', /--platform windows-x64/],
    ] as const;
    for (const [words, code, hint] of [
      ...(process.platform === 'win32' ? [] : here),
      [
        ['plan', 'DjangoProject', ...site, '--platform', 'windows-arm64'],
        'NO_INSTALLER',
        /another form with `--host`, or make no site: `zookit new DjangoProject DIR --platform windows-arm64/,
      ],
      [['plan', 'DjangoProject', '--pool', 'x', ...elsewhere], 'USAGE', /--iis "Default Web Site\/shop"/],
      [['plan', 'DjangoProject', '--iis', "it's/x", ...elsewhere], 'USAGE', /--iis/],
      [['plan', 'DjangoProject', ...site, '--auth', 'ntlm', ...elsewhere], 'USAGE', /--auth windows/],
      [['plan', 'DjangoProject', ...site, '--binding', '80', ...elsewhere], 'USAGE', /--binding http/],
      [['install', 'IISApplication', '--yes'], 'USAGE', /zookit new .* --iis/],
      [['uninstall', ...site, '--yes'], 'PRODUCT_UNKNOWN', /--iis "SITE\/APP"/],
    ] as const) {
      const ran = await zookit.run([...words, '--json']);
      const { error } = json(ran) as unknown as { error: { code: string; hint: string } };
      assert.equal(error.code, code, words.join(' '));
      assert.match(error.hint, hint);
    }
  });
});
