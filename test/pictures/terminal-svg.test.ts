// What a terminal shows becomes a picture: columns stay columns, colours stay colours, words stay words.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseXml } from '../../src/lib/xml.js';
import { runsOf } from './terminal-runs.js';
import { terminalSvg } from './terminal-svg.js';

const words = { title: 'A <terminal>', description: 'Two & three.' };

test('a run begins where its text stands, and looks as the colours say', () => {
  const lines = runsOf(
    'plain  two   words\n\u001b[1;31merror:\u001b[0m it \u001b[2mfaint\u001b[22m\n\n─── \u001b[7mx \u001b[27my',
  );
  assert.deepEqual(lines, [
    [
      { column: 0, text: 'plain', look: {} },
      { column: 7, text: 'two', look: {} },
      { column: 13, text: 'words', look: {} },
    ],
    [
      { column: 0, text: 'error:', look: { bold: true, color: 1 } },
      { column: 7, text: 'it', look: {} },
      { column: 10, text: 'faint', look: { faint: true } },
    ],
    [],
    [
      { column: 0, text: '───', look: {} },
      { column: 4, text: 'x ', look: { reversed: true } },
      { column: 6, text: 'y', look: {} },
    ],
  ]);
});

test('a colour goes on over the end of a line', () => {
  assert.deepEqual(runsOf('\u001b[36mone\ntwo\u001b[39m three')[1], [
    { column: 0, text: 'two', look: { color: 6 } },
    { column: 4, text: 'three', look: {} },
  ]);
});

test('what moves the cursor is no screen', () => {
  assert.throws(() => runsOf('one\u001b[2Jtwo'), /Not only colours/);
});

test('the picture is well-formed, says what it is, and has every word', () => {
  const svg = terminalSvg(runsOf('$ zookit show <Django> && "more"\n\u001b[32mok\u001b[0m'), 80, words);
  const root = parseXml(svg);
  assert.equal(root.name, 'svg');
  assert.match(svg, /<title id="title">A &lt;terminal&gt;<\/title>/);
  assert.match(svg, /<desc id="description">Two &amp; three\.<\/desc>/);
  assert.match(svg, />\$ zookit show &lt;Django&gt; &amp;&amp; "more"<\/text>/);
  assert.match(svg, /<text x="16" y="77" textLength="16\.8" fill="#56d364">ok<\/text>/);
});
