// The groups of a token as `whoami /groups` tells them, in any language of Windows.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isElevated } from '../../src/lib/rights.js';

const administrators = 'VORDEFINIERT\\Administratoren  Alias  S-1-5-32-544  Nur für Verweigerungen';

function groups(level: string): string {
  return `${administrators}\r\nVerbindliche Beschriftung  Bezeichnung  ${level}\r\n`;
}

test('the level of the token decides, not the name of a group', () => {
  assert.equal(isElevated({ status: 0, stdout: groups('S-1-16-12288') }), true);
  assert.equal(isElevated({ status: 0, stdout: groups('S-1-16-16384') }), true);
  assert.equal(isElevated({ status: 0, stdout: groups('S-1-16-8192') }), false);
  assert.equal(isElevated({ status: 0, stdout: groups('S-1-16-122880') }), false);
});

test('who does not answer has no rights; who knows no levels has no lack of them', () => {
  assert.equal(isElevated({ status: 127, stdout: '' }), false);
  assert.equal(isElevated({ status: 0, stdout: 'VM\\root\r\n' }), true);
});
