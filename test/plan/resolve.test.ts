import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolve } from '../../src/plan/resolve.js';
import type { Machine, Presence } from '../../src/types.js';
import { failure, planWords } from '../helpers/plan-words.js';
import { catalogOf, entryWith, installerOf, machineOf, requestFor } from '../helpers/world.js';

const words = (
  wanted: string,
  world: string,
  present = '',
  changes: Parameters<typeof requestFor>[3] = {},
): string => planWords(requestFor(wanted, world, present, changes));

test('the newest version is taken, unless one is recommended or present', () => {
  assert.equal(words('A', 'A 1\nA 10\nA 9'), 'A@10');
  assert.equal(words('A', 'A 1\nA 10\nA 9 *\nA 8 *'), 'A@9');
  assert.equal(words('A', 'A 1\nA 10', 'A@1'), 'A@1!');
  assert.equal(words('A', 'A 1 *\nA 10', 'A@1 A@7 A@3'), 'A@1!', 'recommended among the present');
  assert.equal(words('A', 'A 10', 'A@1 A@7 A@3'), 'A@7!', 'the newest of the present');
});

test('what is present counts even when no feed has that version, and its needs are not looked at again', () => {
  assert.equal(words('A', 'A 1 B\nB 5 C@9', 'B@4.4'), 'B@4.4! A@1');
});

test('a range decides, for the asked and for the needed', () => {
  assert.equal(words('A@<2', 'A 1\nA 2'), 'A@1');
  assert.equal(words('A', 'A 1 B@^1\nB 1.0\nB 1.7\nB 2.0', 'B@2.0'), 'B@1.7<2.0 A@1');
  assert.equal(words('A a@<3', 'A 1\nA 2\nA 3'), 'A@2', 'asked twice, in any case');
});

test('pre-releases are taken only when they are named, or when there is nothing else', () => {
  const world = 'A 1 B\nA 2 B@>=2rc1\nB 1\nB 2rc1';
  assert.equal(words('A', world), 'B@2rc1 A@2');
  assert.equal(words('B', world), 'B@1');
  assert.equal(words('B', 'B 2rc1\nB 2rc2'), 'B@2rc2');
  assert.equal(words('B', 'B 1', 'B@2rc1'), 'B@2rc1!');
});

test('aliases and ids of any case find the product; the plan spells them as the feed does', () => {
  assert.equal(words('pil', 'Pillow 11 =PIL\nSite 1 PiL'), 'Pillow@11');
  assert.equal(words('SITE', 'Pillow 11 =PIL\nSite 1 PiL'), 'Pillow@11 Site@1');
});

test('the asked products come first, then breadth-first', () => {
  const world = 'A 1 C@1\nA 2 C@2\nB 1 C@1\nB 2 C@2\nB 3 C@1\nC 1\nC 2';
  assert.equal(words('A B', world), 'C@2 A@2 B@2');
  assert.equal(words('B A', world), 'C@1 B@3 A@1');
  // D is found before E, so D gets its newest although E must then go back.
  const deeper = 'Top 1 D E\nD 2 F@2\nD 1 F@1\nE 2 F@1\nE 1 F@2\nF 1\nF 2';
  assert.equal(words('Top', deeper), 'F@2 D@2 E@1 Top@1');
});

test('an or takes what is installed, else as written; branches that cannot be had are skipped', () => {
  assert.equal(words('A', 'A 1 (B|C)\nB 1\nC 1'), 'B@1 A@1');
  assert.equal(words('A', 'A 1 (B|C)\nB 1\nC 1', 'C@1'), 'C@1! A@1');
  assert.equal(words('A', 'A 1 (B|C@2)\nB 1\nC 1\nC 2', 'C@1'), 'B@1 A@1', 'installed, but does not fit');
  assert.equal(words('A', 'A 1 (X|B|C)\nB 1 -\nC 1'), 'C@1 A@1');
  assert.equal(words('A', 'A 1 (B C|D)\nB 1\nC 1 Unknown\nD 1'), 'D@1 A@1', 'all of a branch is needed');
  assert.equal(words('A', 'A 1 (B|(C|D))\nB 1\nC 1\nD 1', 'D@1'), 'D@1! A@1', 'also inside');
});

test('an unknown product is an obstacle for a version, not for the product', () => {
  assert.equal(words('A', 'A 2 Unknown\nA 1'), 'A@1');
});

test('what is for another system does not count', () => {
  assert.equal(words('A', 'A 1 B%windows C%linux\nB 1\nC 1'), 'C@1 A@1');
  assert.equal(words('A', 'A 1 (B%windows|C)\nB 1\nC 1', 'B@1'), 'C@1 A@1');
  assert.equal(words('A', 'A 1 (B%windows|C%macos)\nB 1'), 'A@1', 'an or of nothing asks for nothing');
  const windows: Machine['platform'] = { os: 'windows', arch: 'x64', osVersion: '10.0.20348' };
  const machine = machineOf('', { platform: windows });
  assert.equal(words('A', 'A 1 B%windows\nB 1', '', { machine }), 'B@1 A@1');
});

test('incompatible products are not in a plan together, nor installed beside what is present', () => {
  assert.equal(words('A B', 'A 1\nA 2 !B\nB 1'), 'A@1 B@1');
  assert.equal(words('A B', 'A 2\nB 1\nB 2 !A'), 'A@2 B@1', 'whichever of them says so');
  assert.equal(words('A', 'A 1\nA 2 !B\nB 1', 'B@1'), 'A@1');
  assert.equal(words('A', 'A 2 !B\nB 1'), 'A@2', 'B is not there');
  assert.equal(words('A', 'A 1 !B\nB 1', 'A@1 B@1'), 'A@1!', 'both are there already');
});

test('a cycle is left by another version or branch, if there is one', () => {
  assert.equal(words('A', 'A 2 B\nA 1\nB 1 A'), 'A@1');
  assert.equal(words('A', 'A 1 B\nB 1 (A|C)\nC 1'), 'C@1 B@1 A@1');
  assert.equal(words('A', 'A 1 B\nB 2 C\nC 1 B\nB 1'), 'B@1 A@1');
  assert.equal(words('A', 'A 1 B\nB 1 A', 'B@1'), 'B@1! A@1', 'what is present closes no cycle');
  const { code, details } = failure(requestFor('A', 'A 1 B\nB 1 C\nC 1 A'));
  assert.equal(code, 'CONFLICT');
  assert.match(details.join(), /A -> B -> C -> A/);
});

test('a fact found in the middle of a search is not forgotten when the search goes back', () => {
  const world = 'A 1\nB 1 *\nB 2\nB 3\nE 1 * (E|B@>=2 A@3|E)';
  assert.equal(failure(requestFor('B E', world, 'B@2rc1', { upgrade: new Set(['e']) })).code, 'CONFLICT');
});

test('needs found while something else contradicts are not forgotten', () => {
  // A 1 is forced while X 2 is assumed: both of its needs are found, and the first one contradicts at once.
  const world = 'X 2\nX 1\nB 2 A@1\nB 1\nA 2\nA 1 X@1 Y@2\nY 3\nY 2\nW 1 Z\nZ 1 X@1 Y';
  assert.equal(words('X B W', world), 'X@1 Y@2 A@1 B@2 Z@1 W@1');
});

test('an upgrade takes a newer version, but never an older one', () => {
  const upgrade = new Set(['a']);
  const asked = (world: string, present: string): string => words('A', world, present, { upgrade });
  assert.equal(asked('A 1\nA 2\nA 3', 'A@1'), 'A@3<1');
  assert.equal(asked('A 1\nA 2 *\nA 3', 'A@1'), 'A@2<1', 'recommended before newer');
  assert.equal(asked('A 1\nA 2 *\nA 3', 'A@3'), 'A@3!', 'already there');
  assert.equal(asked('A 1\nA 2 *', 'A@2.5'), 'A@2.5!');
  assert.equal(asked('A 3 Unknown\nA 1', 'A@1'), 'A@1!', 'there is no plan for the newest');
});

test('Pythons stand side by side; other products replace what is in their place', () => {
  const world = 'Python 3.13 [python]\nApp 1 Python@>=3.12\nTool 1 Lib@2\nLib 2';
  assert.equal(words('App', world, 'Python@3.11.2'), 'Python@3.13 App@1');
  assert.equal(words('Tool', world, 'Lib@1'), 'Lib@2<1 Tool@1');
  assert.equal(
    words('Python', world, 'Python@3.11.2', { upgrade: new Set(['python']) }),
    'Python@3.13<3.11.2',
  );
});

test('every step has its place', () => {
  const world = 'Site 1 [template] Django Tool\nDjango 5 [env]\nTool 1';
  const places = (request: ReturnType<typeof requestFor>): string =>
    resolve(request)
      .steps.map(({ place }) => place)
      .join(' ');
  assert.equal(places(requestFor('Site', world)), '/env machine project');
  assert.equal(places(requestFor('Site', world, '', { project: '/shop' })), '/env machine /shop');
});

test('a template that is in another folder is not this project', () => {
  const presence: Presence = { version: '1', place: '/other', path: '/other' };
  const machine = { ...machineOf(), presences: new Map([['site', [presence]]]) };
  const there = (project: string): string => words('Site', 'Site 1 [template]', '', { machine, project });
  assert.equal(there('/shop'), 'Site@1');
  assert.equal(there('/other'), 'Site@1!');
});

test('an environment that exists keeps its Python', () => {
  const world = 'Python 3.13 [python]\nDjango 6 [env] Python@>=3.12\nDjango 5 [env] Python';
  const machine = (version: string): Machine =>
    machineOf('Python@3.11.2 Python@3.13.1', {
      environment: { directory: '/site/.venv', python: { version, path: '/p' } },
    });
  assert.equal(words('Django', world, '', { machine: machine('3.11.2') }), 'Python@3.11.2! Django@5');
  assert.equal(words('Django', world, '', { machine: machine('3.13.1') }), 'Python@3.13.1! Django@6');
  assert.equal(failure(requestFor('Django@6', world, '', { machine: machine('3.11.2') })).code, 'CONFLICT');
});

const wheel = (tag: string, size: number) => ({ name: `lib-1-${tag}.whl`, size, sha256: 'a'.repeat(64) });

function packagesWorld(python: string, tags: readonly string[]) {
  const base = catalogOf(
    'Python 3.14.0 [python]\nPython 3.13.1 [python]\nWeb 1 [env] Lib Python\nApp 1 (Lib|Web)',
  );
  const files = tags.map((tag, index) => wheel(tag, 100 + index));
  const packages = [
    { name: 'lib', version: '1', files },
    { name: 'tzdata', version: '2', marker: "sys_platform == 'win32'", files: [] },
  ];
  const entry = entryWith({
    productId: 'Lib',
    environment: true,
    installers: [installerOf({ kind: 'python', python, packages })],
  });
  const products = new Map([...base.products, ['lib', { id: 'Lib', feed: 'test', entries: [entry] }]]);
  return { ...base, products };
}

test('packages limit the Python, also when somebody else needs it', () => {
  const request = (python: string, tags: readonly string[]) => ({
    ...requestFor('Web', ''),
    catalog: packagesWorld(python, tags),
  });
  const both = ['cp313-cp313-manylinux_2_17_x86_64', 'cp314-cp314-manylinux_2_17_x86_64'];
  assert.equal(planWords(request('>=3.10', both)), 'Lib@1 Python@3.14.0 Web@1');
  assert.equal(planWords(request('>=3.10', both.slice(0, 1))), 'Lib@1 Python@3.13.1 Web@1');
  assert.equal(planWords(request('<3.14', both)), 'Lib@1 Python@3.13.1 Web@1');
  const { steps } = resolve(request('<3.14', both));
  assert.deepEqual(
    steps.map(({ bytes }) => bytes),
    [100, 0, 0],
    'the size of the one wheel that is taken',
  );
});

test('packages must fit the Python of an environment that exists', () => {
  const catalog = packagesWorld('>=3.10', ['cp313-cp313-manylinux_2_17_x86_64']);
  const machine = machineOf('Python@3.12.4', {
    environment: { directory: '/env', python: { version: '3.12.4', path: '/p' } },
  });
  const error = failure({ ...requestFor('Lib', ''), catalog, machine });
  assert.equal(error.code, 'CONFLICT');
  assert.match(error.details.join(), /environment \/env is made with Python 3\.12\.4/);
  assert.match(error.hint ?? '', /--env DIR/);
});

test('each step tells what it needs and who needs it', () => {
  const { steps } = resolve(requestFor('A B', 'A 1 (C|D) E\nB 1 E\nC 1\nE 1 C', 'C@1'));
  const [c, e, a, b] = steps;
  assert.deepEqual(
    steps.map(({ product }) => product),
    ['C', 'E', 'A', 'B'],
  );
  assert.deepEqual([c?.neededBy, e?.neededBy, a?.neededBy], [['A', 'E'], ['A', 'B'], []]);
  assert.deepEqual([c?.after, e?.after, a?.after, b?.after], [[], [0], [0, 1], [1]]);
  assert.deepEqual([c?.asked, a?.asked, b?.asked], [false, true, true]);
});

test('a notice tells which branch was taken, and why', () => {
  const notices = (world: string, present = ''): readonly string[] =>
    resolve(requestFor('A', world, present)).notices;
  assert.deepEqual(notices('A 1 (B|C)\nB 1\nC 1'), [
    "'A' needs B or C: B is taken, because it is named first",
  ]);
  assert.deepEqual(notices('A 1 (B|C)\nB 1\nC 1', 'C@1'), [
    "'A' needs B or C: C is taken, because it is there already",
  ]);
  assert.deepEqual(notices('A 1 (X|C)\nC 1'), ["'A' needs X or C: C is taken, because no feed declares 'X'"]);
  assert.deepEqual(notices('A 1 (B@1|C) B@2\nB 1\nB 2\nC 1'), [
    "'A' needs B 1 or C: C is taken, because B 1 does not go together with the rest",
  ]);
  assert.deepEqual(notices('A 1 B\nB 1'), []);
});

test('a range that is none is the user’s mistake when asked, and fits nothing in a feed', () => {
  assert.equal(failure(requestFor('A@banana', 'A 1')).code, 'USAGE');
  assert.equal(words('A', 'A 2 B@banana\nA 1\nB 1'), 'A@1');
});
