// XML that is none, or that would harm whoever reads on: characters, types of documents.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseXml } from '../../src/lib/xml.js';

test('characters that XML forbids are refused with their line, written out or as numbers', () => {
  for (const [text, code] of [
    ['<a>\n\u001b[2J</a>', '001B'],
    ['<a>\n<b c="\u001b"/></a>', '001B'],
    ['<a>\n<![CDATA[\u0000]]></a>', '0000'],
    ['<a>\n\uffff</a>', 'FFFF'],
    ['<a>\n\ud800</a>', 'D800'],
  ] as const) {
    assert.throws(
      () => parseXml(text),
      { line: 2, message: `the character U+${code}, which XML forbids` },
      text,
    );
  }
  for (const text of ['<a>\n&#27;</a>', '<a>\n<b c="&#x1b;"/></a>', '<a>\n&#xD800;</a>'])
    assert.throws(() => parseXml(text), { line: 2, message: 'invalid character entity' }, text);
  assert.equal(parseXml('<a>\t\u0085 \u{1F600}&#x1F600; ä</a>').text, '\u0085 \u{1F600}\u{1F600} ä'.trim());
});

test('characters that only terminals obey stand in no tree', () => {
  const { text, attributes } = parseXml('<a b="&#x9b;2J">\u009b31m</a>');
  assert.deepEqual([text, attributes[0]?.value], ['\ufffd31m', '\ufffd2J']);
});

test('a type of document is refused', () => {
  assert.throws(() => parseXml('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), /document type declaration/);
});
