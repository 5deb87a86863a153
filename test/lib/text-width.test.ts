import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { symbolsFor } from '../../src/lib/symbols.js';
import { cut, padded, plainLine, widthOf, wrapped } from '../../src/lib/text-width.js';

describe('text on a terminal', () => {
  test('a width is columns: wide characters take two, marks and colours none', () => {
    assert.equal(widthOf('Django'), 6);
    assert.equal(widthOf('日本'), 4);
    assert.equal(widthOf('e\u0301'), 1);
    assert.equal(widthOf('\u001b[1mbold\u001b[0m'), 4);
  });

  test('what is cut ends with the sign for it, and never in the middle of a wide character', () => {
    assert.equal(cut('Django', 6), 'Django');
    assert.equal(cut('Django 5.2', 8), 'Djang...');
    assert.equal(cut('日本語の題', 6, '…'), '日本…');
    assert.equal(cut('Django', 2), '..');
    assert.equal(padded('日本', 6), '日本  ');
  });

  test('lines are broken between words, long words where they must be', () => {
    assert.deepEqual(wrapped('one two three', 8), ['one two', 'three']);
    assert.deepEqual(wrapped('abcdefghij kl', 4), ['abcd', 'efgh', 'ij', 'kl']);
    assert.deepEqual(wrapped('one two three', 8, '  '), ['one two', '  three']);
    assert.deepEqual(wrapped('', 8), ['']);
    assert.deepEqual(wrapped('日本', 1), ['日', '本']);
    for (const line of wrapped(`${'x'.repeat(300)} ${'日'.repeat(90)}`, 17, '    '))
      assert.ok(widthOf(line) <= 17, line);
  });

  test('a stranger’s text moves no cursor and turns no line around', () => {
    assert.equal(plainLine('a\u001b[2Jb\r\nc\td\u202ee'), 'ab c d e');
  });

  test('signs are ASCII where a console may show boxes', () => {
    const utf8 = { LANG: 'de_DE.UTF-8', TERM: 'xterm' };
    assert.equal(symbolsFor(utf8, 'linux').more, '…');
    assert.equal(symbolsFor({ ...utf8, LC_ALL: 'C' }, 'linux').more, '...');
    assert.equal(symbolsFor({ ...utf8, TERM: 'dumb' }, 'linux').more, '...');
    assert.equal(symbolsFor(utf8, 'win32').more, '...');
    assert.equal(symbolsFor({ WT_SESSION: '1' }, 'win32').more, '…');
  });
});
