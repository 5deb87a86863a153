// The list of contents: in the form of CycloneDX 1.6, the same for the same contents; licences as wheels tell them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Content } from '../../src/bundle/contents.js';
import { contentsText, npmUrl, pypiUrl } from '../../src/bundle/contents.js';
import { licenseOfMetadata } from '../../src/bundle/wheel-license.js';

const hash = (digit: string): string => digit.repeat(64);

const contents: readonly Content[] = [
  {
    kind: 'package',
    name: 'Django_REST.framework',
    version: '1!2.0+x',
    purl: pypiUrl('Django_REST.framework', '1!2.0+x'),
    license: 'BSD-3-Clause',
    files: [
      { name: 'files/b.whl', sha256: hash('b') },
      { name: 'files/a.whl', sha256: hash('a') },
    ],
  },
  { kind: 'product', name: 'Python', version: '3.13', license: 'https://x.test/licence', files: [] },
  {
    kind: 'runtime',
    name: 'Node.js',
    version: '22',
    license: 'MIT',
    files: [{ name: 'n', sha256: hash('c') }],
  },
  {
    kind: 'library',
    name: '@a/b',
    version: '1.0.0',
    purl: npmUrl('@a/b', '1.0.0'),
    license: 'A licence',
    files: [],
  },
];

test('components with their address, hashes and licences, in whatever order they come', () => {
  const text = contentsText(contents, 'x');
  assert.equal(contentsText([...contents].reverse(), 'x'), text);
  const list = JSON.parse(text) as Record<string, unknown>;
  assert.deepEqual([list['bomFormat'], list['specVersion'], list['version']], ['CycloneDX', '1.6', 1]);
  const components = list['components'] as Record<string, unknown>[];
  assert.deepEqual(components, [
    {
      type: 'library',
      'bom-ref': 'pkg:npm/%40a/b@1.0.0',
      name: '@a/b',
      version: '1.0.0',
      licenses: [{ license: { name: 'A licence' } }],
      purl: 'pkg:npm/%40a/b@1.0.0',
    },
    {
      type: 'library',
      'bom-ref': 'pkg:pypi/django-rest-framework@1!2.0%2Bx',
      name: 'Django_REST.framework',
      version: '1!2.0+x',
      licenses: [{ expression: 'BSD-3-Clause' }],
      purl: 'pkg:pypi/django-rest-framework@1!2.0%2Bx',
      components: [
        { type: 'file', name: 'files/a.whl', hashes: [{ alg: 'SHA-256', content: hash('a') }] },
        { type: 'file', name: 'files/b.whl', hashes: [{ alg: 'SHA-256', content: hash('b') }] },
      ],
    },
    {
      type: 'application',
      'bom-ref': 'product:Python@3.13',
      name: 'Python',
      version: '3.13',
      licenses: [{ license: { name: 'see the address', url: 'https://x.test/licence' } }],
    },
    {
      type: 'platform',
      'bom-ref': 'runtime:Node.js@22',
      name: 'Node.js',
      version: '22',
      hashes: [{ alg: 'SHA-256', content: hash('c') }],
      licenses: [{ expression: 'MIT' }],
    },
  ]);
});

test('no name stands twice, as the format demands', () => {
  const list = JSON.parse(contentsText([...contents, ...contents], 'x')) as { components: unknown[] };
  assert.equal(list.components.length, contents.length);
});

test('the newest field of a wheel tells its licence', () => {
  const head = 'Metadata-Version: 2.4\nName: x\n';
  const classifier = 'Classifier: License :: OSI Approved :: MIT License\n';
  for (const [metadata, licence] of [
    [`${head}License: long\nLicense-Expression: MIT AND Zlib\n${classifier}`, 'MIT AND Zlib'],
    [`${head}License: something\n${classifier}Classifier: License :: OSI Approved\n`, 'MIT License'],
    [`${head}License: Apache 2.0\r\nAuthor: y\r\n`, 'Apache 2.0'],
    [`${head}License: Copyright\n        all of the text\n        more\n`, undefined],
    [`${head}License: UNKNOWN\n`, undefined],
    [`${head}\nLicense-Expression: not in the body\n`, undefined],
  ] as const)
    assert.equal(licenseOfMetadata(metadata), licence, metadata);
});
