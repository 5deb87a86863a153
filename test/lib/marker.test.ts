// Markers for a target: by hand for each rule, and against pip's own `packaging.markers` and `packaging.specifiers`.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../src/errors.js';
import { markerHolds, parseMarker } from '../../src/lib/marker.js';
import { markerEnvironment, type PythonTarget } from '../../src/lib/python-target.js';
import { matchesSpecifier } from '../../src/lib/specifier.js';
import { askPackaging } from '../helpers/packaging.js';

const windows: PythonTarget = { platform: { os: 'windows', arch: 'x64', osVersion: '' }, version: '3.13.5' };
const windowsArm: PythonTarget = {
  platform: { os: 'windows', arch: 'arm64', osVersion: '' },
  version: '3.10',
};
const windows32: PythonTarget = { platform: { os: 'windows', arch: 'x86', osVersion: '' }, version: '3.9.2' };
const linux: PythonTarget = { platform: { os: 'linux', arch: 'arm64', osVersion: '' }, version: '3.11.2' };
const mac: PythonTarget = { platform: { os: 'macos', arch: 'arm64', osVersion: '' }, version: '3.14.2' };
const targets = [windows, windowsArm, windows32, linux, mac];

const markers = [
  "python_version < '3.11'",
  'python_version >= "3.9"',
  "python_full_version < '3.11.3'",
  "python_full_version == '3.13.*'",
  "python_full_version ~= '3.11.1'",
  "python_full_version >= '3.14'",
  "python_version != '3.10'",
  "'3.11' <= python_version",
  "python_version in '3.10, 3.11'",
  "python_version not in '3.13 3.14'",
  "sys_platform == 'win32'",
  "sys_platform != 'darwin' and os_name == 'posix'",
  "os_name == 'nt' or platform_system == 'Darwin'",
  "platform_machine == 'AMD64' or platform_machine == 'ARM64' or platform_machine == 'aarch64'",
  "'64' in platform_machine",
  "implementation_name != 'pypy' and platform_python_implementation == 'CPython'",
  "extra == 'binary'",
  "extra != 'binary'",
  "(python_version < '3.11' and sys_platform == 'win32') or (python_version >= '3.14')",
  "python_version < '3.11' and sys_platform == 'win32' or python_version >= '3.14'",
  "python_version < '3.11' and (sys_platform == 'win32' or python_version >= '3.14')",
  "((sys_platform == 'linux'))",
  "python_version>='3.9'and sys_platform=='linux'",
  "implementation_version >= '3.11'",
  "os.name == 'nt' and sys.platform == 'win32' and platform.machine == 'AMD64'",
  "python_implementation == 'CPython'",
] as const;

const evaluate = `
answer = [[markers.Marker(each).evaluate(environment) for environment in question[1]] for each in question[0]]
`;

test('markers hold where packaging says they hold', (context) => {
  const environments = targets.map((target) => Object.fromEntries(markerEnvironment(target)));
  const answers = askPackaging(evaluate, [markers, environments]) as boolean[][] | undefined;
  if (!answers) {
    context.skip('no Python with pip on PATH');
    return;
  }
  for (const [index, marker] of markers.entries()) {
    const ours = targets.map((target) => markerHolds(marker, target));
    assert.deepEqual(ours, answers[index], marker);
  }
});

const versions = [
  '3.8',
  '3.8.0',
  '3.8.1',
  '3.8rc1',
  '3.8.post1',
  '3.8.dev2',
  '3.9a2',
  '3.10',
  '3.8+local',
  '3.80',
  '1!3.8',
];
const operators = ['==', '!=', '<', '<=', '>', '>=', '~='];
const wanted = ['3.8', '3.8.0', '3.8.1', '3.8rc1', '3.8.post1', '3.8.dev2', '3.10', '1!3.8'];

test('versions compare as packaging compares them', (context) => {
  // Before 26 packaging read some corners of PEP 440 otherwise: those are left to the newer one.
  const isNew = Number(askPackaging('answer = packaging_major', null) ?? 0) >= 26;
  const plain = (version: string): boolean => isNew || /^[\d.]+$/.test(version);
  const cases = versions
    .filter(plain)
    .flatMap((version) => [
      ...operators.flatMap((operator) =>
        wanted.filter(plain).map((other) => [version, operator, other] as const),
      ),
      ...['==', '!='].flatMap((operator) =>
        ['3.*', '3.8.*', '3.8.0.*', '3.1.*'].map((other) => [version, operator, other] as const),
      ),
    ]);
  const answers = askPackaging(
    'answer = [specifiers.Specifier(o + w).contains(v, prereleases=True) for v, o, w in question]',
    cases,
  ) as boolean[] | undefined;
  if (!answers) {
    context.skip('no Python with pip on PATH');
    return;
  }
  for (const [index, [version, operator, other]] of cases.entries()) {
    assert.equal(
      matchesSpecifier(version, operator, other),
      answers[index],
      `${version} ${operator} ${other}`,
    );
  }
});

test('without a Python to compare with: the rules by hand', () => {
  assert.equal(markerHolds("sys_platform == 'win32'", windows), true);
  assert.equal(markerHolds("sys_platform == 'win32'", linux), false);
  assert.equal(markerHolds("python_full_version < '3.11'", windowsArm), true);
  assert.equal(markerHolds("python_version < '3.9'", windows), false, '3.13 is not before 3.9');
  assert.equal(markerHolds("platform_machine == 'x86'", windows32), true);
  assert.equal(markerHolds("extra == 'any'", linux), false);
});

test('exclusive comparisons leave out the pre-releases and post-releases of the version itself (PEP 440)', () => {
  assert.equal(matchesSpecifier('3.8rc1', '<', '3.8'), false);
  assert.equal(matchesSpecifier('3.8rc1', '<', '3.8rc2'), true);
  assert.equal(matchesSpecifier('3.8rc1', '<', '3.8.post1'), true);
  assert.equal(matchesSpecifier('3.8.post1', '>', '3.8'), false);
  assert.equal(matchesSpecifier('3.8.1', '>', '3.8.post1'), true);
  assert.equal(matchesSpecifier('3.8+local', '==', '3.8'), true);
  assert.equal(matchesSpecifier('3.8', '==', '3.8+local'), false);
  assert.equal(matchesSpecifier('win32', '==', '3.8'), undefined);
});

test('and binds closer than or', () => {
  assert.equal(parseMarker("os_name == 'a' or os_name == 'b' and os_name == 'c'").kind, 'or');
  assert.equal(parseMarker("(os_name == 'a' or os_name == 'b') and os_name == 'c'").kind, 'and');
});

test('what cannot be evaluated for another machine is an error that says why', () => {
  const wrong: readonly (readonly [string, RegExp])[] = [
    ["platform_release >= '20'", /platform_release/],
    ["platform.version == '1'", /platform_version/],
    ["sys_platform == 'win32' or platform_version < '1'", /platform_version/],
    ["nonsense == 'x'", /nonsense/],
    ['python_version', /not complete/],
    ["python_version < '3.8' and", /not complete/],
    ["(python_version < '3.8'", /bracket/],
    ["python_version < '3.8' )", /follows/],
    ['python_version < 3.8', /not understood/],
    ["'a' == 'b'", /one name and one quoted/],
    ["sys_platform ~= 'win32'", /versions only/],
  ];
  for (const [marker, reason] of wrong) {
    assert.throws(
      () => markerHolds(marker, windows),
      (error) =>
        error instanceof AppError && error.code === 'FEED_INVALID' && reason.test(error.details.join()),
      marker,
    );
  }
});
