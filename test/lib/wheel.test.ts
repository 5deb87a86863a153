// Which wheel a target gets: by hand for each rule, and against pip's own `packaging.tags` for whole lists of tags.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PackageFile, PinnedPackage, Platform } from '../../src/types.js';
import { markerEnvironment, wheelTags } from '../../src/lib/python-target.js';
import { choosePackages, chooseWheel, parseWheelName } from '../../src/lib/wheel.js';
import { askPackaging } from '../helpers/packaging.js';

const windows: Platform = { os: 'windows', arch: 'x64', osVersion: '10.0.20348' };
const debian: Platform = {
  os: 'linux',
  arch: 'x64',
  osVersion: '',
  libc: { name: 'glibc', version: '2.36' },
};
const alpine: Platform = {
  os: 'linux',
  arch: 'arm64',
  osVersion: '',
  libc: { name: 'musl', version: '1.2' },
};
const mac: Platform = { os: 'macos', arch: 'arm64', osVersion: '14.5' };

function files(...names: string[]): PackageFile[] {
  return names.map((name) => ({ name, sha256: '0'.repeat(64) }));
}

function choose(platform: Platform, version: string, ...names: string[]): string | undefined {
  return chooseWheel(files(...names), { platform, version })?.name;
}

/** The generators of `packaging.tags`, fed with the platforms of a system that Python itself is not running on. */
const tagsOf = `
def answers_of(platform_tags, machine):
    # Signatures of several generations of the library.
    for arguments in (([machine],), ("linux_" + machine, machine), (machine,)):
        try:
            found = list(platform_tags(*arguments))
        except TypeError:
            continue
        if found and found[0].endswith("_" + machine):
            return found
    raise SystemExit("platform_tags is not understood")

def platforms(of):
    if of["system"] == "windows":
        return [of["machine"]]
    if of["system"] == "macos":
        return list(tags.mac_platforms(tuple(of["version"]), of["machine"]))
    if of["system"] == "glibc":
        _manylinux._get_glibc_version = lambda: tuple(of["version"])
        for name in ("_is_compatible", "_have_compatible_abi"):
            setattr(_manylinux, name, lambda *anything: True)
        return answers_of(_manylinux.platform_tags, of["machine"]) + ["linux_" + of["machine"]]
    _musllinux._get_musl_version = lambda path: _musllinux._MuslVersion(*of["version"])
    return answers_of(_musllinux.platform_tags, of["machine"]) + ["linux_" + of["machine"]]

answer = []
for of in question:
    names = platforms(of)
    python = tuple(of["python"])
    interpreter = "cp%d%d" % python
    found = list(tags.cpython_tags(python, [interpreter], names))
    found += list(tags.compatible_tags(python, interpreter, names))
    answer.append([str(tag) for tag in found])
`;

const compared = [
  { of: { system: 'windows', machine: 'win_amd64', python: [3, 13] }, platform: windows },
  { of: { system: 'windows', machine: 'win32', python: [3, 10] }, platform: { ...windows, arch: 'x86' } },
  {
    of: { system: 'windows', machine: 'win_arm64', python: [3, 14] },
    platform: { ...windows, arch: 'arm64' },
  },
  { of: { system: 'glibc', machine: 'x86_64', version: [2, 36], python: [3, 11] }, platform: debian },
  {
    of: { system: 'glibc', machine: 'aarch64', version: [2, 28], python: [3, 12] },
    platform: { os: 'linux', arch: 'arm64', osVersion: '' },
  },
  { of: { system: 'musl', machine: 'aarch64', version: [1, 2], python: [3, 13] }, platform: alpine },
  { of: { system: 'macos', machine: 'arm64', version: [14, 5], python: [3, 13] }, platform: mac },
  {
    of: { system: 'macos', machine: 'x86_64', version: [12, 3], python: [3, 12] },
    platform: { os: 'macos', arch: 'x64', osVersion: '12.3' },
  },
  {
    of: { system: 'macos', machine: 'x86_64', version: [10, 15], python: [3, 11] },
    platform: { os: 'macos', arch: 'x64', osVersion: '10.15' },
  },
] as const satisfies readonly { of: object; platform: Platform }[];

/**
 * What all generations of the library agree on: the place of wheels built on a Linux of one's own has changed, and the
 * name of a macOS format that no wheel has.
 */
function comparable(tags: readonly string[]): readonly string[] {
  return tags.filter((tag) => !/-linux_\w+$/.test(tag)).map((tag) => tag.replace(/_fat32$/, '_fat3'));
}

test('tags are those of packaging.tags, in its order', (context) => {
  const answers = askPackaging(
    tagsOf,
    compared.map(({ of }) => of),
  ) as string[][] | undefined;
  if (!answers) {
    context.skip('no Python with pip on PATH');
    return;
  }
  for (const [index, { of, platform }] of compared.entries()) {
    const ours = wheelTags({ platform, version: of.python.join('.') });
    assert.deepEqual(
      comparable(ours),
      comparable(answers[index] ?? []),
      `${of.system} ${of.machine} ${of.python.join('.')}`,
    );
  }
});

interface Running {
  readonly packaging: number;
  readonly tags: readonly string[];
  readonly markers: Readonly<Record<string, string>>;
  readonly libc: readonly [string, string];
}

const describeItself = `
import platform
answer = {
    "packaging": packaging_major,
    "tags": [str(tag) for tag in tags.sys_tags()],
    "markers": dict(markers.default_environment()),
    "libc": platform.libc_ver(),
}
`;

test('the running interpreter would take the same tags, and has the same markers', (context) => {
  const running = askPackaging(describeItself, null) as Running | undefined;
  if (running?.markers['platform_machine'] !== 'x86_64' || running.libc[0] !== 'glibc') {
    context.skip('needs Python with pip on Linux x86_64 with glibc');
    return;
  }
  const { markers, libc } = running;
  const platform: Platform = { ...debian, libc: { name: 'glibc', version: libc[1] } };
  const target = { platform, version: markers['python_full_version'] ?? '' };
  // Before packaging 22 the interpreter's own tag for pure wheels was missing.
  const own = (tag: string): boolean => running.packaging >= 22 || !/^cp3\d+-none-any$/.test(tag);
  assert.deepEqual(comparable(wheelTags(target).filter(own)), comparable(running.tags));
  assert.deepEqual(new Set(wheelTags(target).filter(own)), new Set(running.tags));
  for (const [name, value] of markerEnvironment(target)) {
    if (name !== 'extra') assert.equal(value, markers[name], name);
  }
});

test('a wheel name is taken apart, compressed tags written out', () => {
  assert.deepEqual(parseWheelName('tzdata-2026.6-1b-py2.py3-none-any.whl'), {
    distribution: 'tzdata',
    version: '2026.6',
    build: '1b',
    tags: ['py2-none-any', 'py3-none-any'],
  });
  for (const name of [
    'a-1.tar.gz',
    'a-1-py3-none.whl',
    'a-1-x-py3-none-any.whl',
    'a-1-2-3-py3-none-any.whl',
  ]) {
    assert.equal(parseWheelName(name), undefined, name);
  }
});

test('a name with millions of tags is none', () => {
  const set = (letter: string): string =>
    Array.from({ length: 300 }, (_, index) => `${letter}${index}`).join('.');
  assert.equal(parseWheelName(`a-1-${set('p')}-${set('q')}-${set('r')}.whl`), undefined);
});

test('the own minor comes first, then abi3, then pure', () => {
  const names = ['x-1-py3-none-any.whl', 'x-1-cp39-abi3-win_amd64.whl', 'x-1-cp313-cp313-win_amd64.whl'];
  assert.equal(choose(windows, '3.13', ...names), names[2]);
  assert.equal(choose(windows, '3.12.4', ...names), names[1]);
  assert.equal(choose(windows, '3.8', ...names), names[0]);
  assert.equal(choose({ ...windows, arch: 'arm64' }, '3.13', ...names), names[0]);
});

test('of two abi3 wheels the newer minor wins, never one of the future', () => {
  const names = [
    'x-1-cp39-abi3-win_amd64.whl',
    'x-1-cp311-abi3-win_amd64.whl',
    'x-1-cp315-abi3-win_amd64.whl',
  ];
  assert.equal(choose(windows, '3.14', ...names), names[1]);
  assert.equal(choose(windows, '3.10', ...names), names[0]);
});

test('free-threaded, PyPy and foreign wheels never fit', () => {
  const names = ['x-1-cp313-cp313t-win_amd64.whl', 'x-1-pp310-pypy310_pp73-win_amd64.whl', 'x-1.tar.gz'];
  assert.equal(choose(windows, '3.13', ...names), undefined);
  assert.equal(choose(windows, '3.13', 'x-1-cp313-cp313-manylinux_2_17_x86_64.whl'), undefined);
});

test('glibc of the target is a limit; legacy names count as their versions', () => {
  const old = 'x-1-cp313-cp313-manylinux2014_x86_64.manylinux_2_17_x86_64.whl';
  const recent = 'x-1-cp313-cp313-manylinux_2_34_x86_64.whl';
  const legacy = 'x-1-cp313-cp313-manylinux1_x86_64.whl';
  assert.equal(choose(debian, '3.13', old, recent), recent);
  assert.equal(choose({ ...debian, libc: { name: 'glibc', version: '2.28' } }, '3.13', old, recent), old);
  assert.equal(choose({ os: 'linux', arch: 'x64', osVersion: '' }, '3.13', recent), undefined);
  assert.equal(choose(debian, '3.13', legacy), legacy);
  assert.equal(
    choose(debian, '3.13', 'x-1-cp313-cp313-linux_x86_64.whl'),
    'x-1-cp313-cp313-linux_x86_64.whl',
  );
  assert.equal(choose({ ...debian, libc: { name: 'musl', version: '1.2' } }, '3.13', old, legacy), undefined);
});

test('musl, and macOS with universal2 and deployment versions', () => {
  const musl = 'x-1-cp312-cp312-musllinux_1_1_aarch64.whl';
  assert.equal(choose(alpine, '3.12', musl, 'x-1-cp312-cp312-musllinux_1_3_aarch64.whl'), musl);
  const universal = 'x-1-cp312-cp312-macosx_10_9_universal2.whl';
  const arm = 'x-1-cp312-cp312-macosx_11_0_arm64.whl';
  const tahoe = 'x-1-cp312-cp312-macosx_26_0_arm64.whl';
  assert.equal(choose(mac, '3.12', universal, arm, tahoe), arm);
  assert.equal(choose(mac, '3.12', universal), universal);
  assert.equal(choose({ ...mac, osVersion: '26.1' }, '3.12', universal, arm, tahoe), tahoe);
  assert.equal(choose({ ...mac, osVersion: '' }, '3.12', 'x-1-cp312-cp312-macosx_13_0_arm64.whl'), undefined);
});

test('among equal tags the higher build number wins, numbers before text', () => {
  const names = [
    'x-1-py3-none-any.whl',
    'x-1-2-py3-none-any.whl',
    'x-1-10-py3-none-any.whl',
    'x-1-9z-py3-none-any.whl',
  ];
  assert.equal(choose(windows, '3.13', ...names), names[2]);
});

test('a closure is split into what is chosen and what is missing; a false marker leaves out', () => {
  const pure: PinnedPackage = { name: 'a', version: '1', files: files('a-1-py3-none-any.whl') };
  const tzdata: PinnedPackage = {
    name: 'tzdata',
    version: '1',
    marker: "sys_platform == 'win32'",
    files: files('tzdata-1-py2.py3-none-any.whl'),
  };
  const binary: PinnedPackage = { name: 'b', version: '1', files: files('b-1-cp313-cp313-win_amd64.whl') };
  const onWindows = choosePackages([pure, tzdata, binary], { platform: windows, version: '3.13' });
  assert.deepEqual(
    onWindows.chosen.map(({ file }) => file.name),
    ['a-1-py3-none-any.whl', 'tzdata-1-py2.py3-none-any.whl', 'b-1-cp313-cp313-win_amd64.whl'],
  );
  assert.deepEqual(onWindows.missing, []);
  const onLinux = choosePackages([pure, tzdata, binary], { platform: debian, version: '3.13' });
  assert.deepEqual(
    onLinux.chosen.map((each) => each.package.name),
    ['a'],
  );
  assert.deepEqual(onLinux.missing, [binary]);
});
