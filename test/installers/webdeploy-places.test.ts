// Where a value goes in a file of a Web Deploy package, and how it is written there: every form of entry, and what is refused.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeText } from '../../installers/webdeploy/text-encoding.js';
import { placesFor } from '../../installers/webdeploy/places.js';

/** The text with the value in all places; or the problem. */
function filled(type: string, match: string, text: string, value: string, name = 'web.config'): string {
  const found = placesFor({ type, scope: '', match }, name, text);
  if ('problem' in found) return `problem: ${found.problem}`;
  const parts = [...found.places].sort((one, other) => other.start - one.start);
  return parts.reduce(
    (all, { start, end, write }) => all.slice(0, start) + write(value) + all.slice(end),
    text,
  );
}

const xml = `<?xml version="1.0"?>
<!-- <add key="a" value="comment"/> -->
<c:configuration xmlns:c="urn:x">
  <appSettings>
    <add key='a' value='1' /><add key="b" value="2>3"/>
    <empty/><text>old &amp; older</text><![CDATA[<add key="a" value="data"/>]]>
  </appSettings>
  <location path="x"><appSettings><add key="a" value="4"/></appSettings></location>
</c:configuration>`;

test('attributes and elements by XPath; all else stays as it is', () => {
  const change = (xpath: string): string => filled('xmlfile', xpath, xml, '<"new">');
  const value = '&lt;&quot;new&quot;&gt;';
  const cases: readonly (readonly [string, string, string])[] = [
    ["/configuration/appSettings/add[@key='a']/@value", "value='1'", `value='${value}'`],
    ['/c:configuration/appSettings/add[@key="b"]/@value', 'value="2>3"', `value="${value}"`],
    ["//add[@key='b' and @value='2>3']/@value", 'value="2>3"', `value="${value}"`],
    ['/configuration/appSettings/add[2]/@key', 'key="b"', `key="${value}"`],
    ['//location[@path]/*/add/@value', 'value="4"', `value="${value}"`],
    ['//empty', '<empty/>', `<empty>${value}</empty>`],
    ['//appSettings/text', 'old &amp; older', value],
    ["//text[.='old & older']/text()", 'old &amp; older', value],
    [
      "/*[local-name()='configuration']/appSettings[text='old & older']/empty",
      '<empty/>',
      `<empty>${value}</empty>`,
    ],
  ];
  for (const [xpath, from, to] of cases) assert.equal(change(xpath), xml.replace(from, to), xpath);
  assert.equal(
    change("//add[@key='a']/@value"),
    xml.replace("'1'", `'${value}'`).replace('"4"', `"${value}"`),
  );
  assert.equal(change('/configuration/none/@value'), xml);
});

test('an XPath beyond the subset, and XML that is none, are problems', () => {
  for (const xpath of [
    '',
    'count(//add)',
    '//add[position()<2]',
    '//add/following-sibling::*',
    '//add/../@x',
    '/a/@b/c',
    '//add[not(@x)]',
  ])
    assert.match(filled('xmlfile', xpath, xml, 'x'), /^problem: /, xpath);
  assert.match(filled('xmlfile', '/configuration', xml, 'x'), /has elements inside/);
  assert.match(filled('xmlfile', '/a', '<a>', 'x'), /^problem: /);
  assert.match(filled('xmlfile', '/a', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', 'x'), /document type/);
  const deep = `${'<a>'.repeat(5000)}${'</a>'.repeat(5000)}`;
  assert.match(filled('xmlfile', '//a', deep, 'x'), /nested more than/);
});

test('text by pattern and by position, written as its language wants it', () => {
  const value = `it's "$a" \\`;
  assert.equal(filled('textfile', 'PW', "p = 'PW'", value, 'a.py'), `p = 'it\\'s \\"$a\\" \\\\'`);
  assert.equal(
    filled('textfile', 'PW', "define('a', 'PW');", value, 'a.php'),
    `define('a', 'it\\'s "$a" \\\\');`,
  );
  assert.equal(filled('textfile', 'PW', '$p = "PW";', value, 'a.PHP'), `$p = "it's \\"\\$a\\" \\\\";`);
  assert.equal(filled('textfile', '\\$PW', '$PW;', '5', 'a.php'), '5;');
  assert.equal(filled('textfile', 'PW', 'p=PW', value, 'a.ini'), `p=${value}`);
  assert.equal(filled('textfile', 'PW', '<a b="PW"/>', '<&>', 'a.config'), '<a b="&lt;&amp;&gt;"/>');
  assert.equal(filled('textfileposition', '2;2;3', 'one\r\ntwo!four\r\n', 'X', 'a.txt'), 'one\r\ntXfour\r\n');
  for (const match of ['0;1;1', '1;9;1', '9;1;1', '1;0;1', '1;1', 'a;b;c'])
    assert.match(filled('textfileposition', match, 'one\r\ntwo', 'X'), /^problem: /, match);
  assert.match(filled('registry', 'x', 'x', 'X'), /not known/);
});

test('a file keeps its encoding', () => {
  for (const bytes of [
    Buffer.from('\ufeffä', 'utf8'),
    Buffer.from('ä', 'utf8'),
    Buffer.from('\ufeffä', 'utf16le'),
    Buffer.from('\ufeffä', 'utf16le').swap16(),
    Buffer.from('ä', 'latin1'),
  ]) {
    const text = decodeText(bytes);
    assert.equal(text?.text, 'ä');
    assert.deepEqual(text.encode('ä'), bytes);
  }
  assert.equal(decodeText(Buffer.from('ä', 'latin1'))?.encode('€'), undefined);
  assert.equal(decodeText(Buffer.from([1, 0, 2])), undefined);
});

test('a quote in a password ends no string of an SQL script', () => {
  const script = `CREATE LOGIN [X] WITH PASSWORD='X'; -- X\nSELECT "X";`;
  assert.equal(
    filled('textfile', 'X', script, `it's "new"`, 'install.SQL'),
    `CREATE LOGIN [it's "new"] WITH PASSWORD='it''s "new"'; -- it's "new"\nSELECT "it's ""new""";`,
  );
});
