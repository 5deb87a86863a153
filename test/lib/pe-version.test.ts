import assert from 'node:assert/strict';
import { test } from 'node:test';
import { peFileVersion } from '../../src/lib/pe-version.js';
import { makeExecutable } from '../helpers/portable-executable.js';

test('the version of 64-bit and 32-bit files', () => {
  assert.equal(peFileVersion(makeExecutable([10, 0, 17763, 65535])), '10.0.17763.65535');
  assert.equal(peFileVersion(makeExecutable([0, 1, 2, 3], false)), '0.1.2.3');
});

test('a part of a larger buffer counts from its own beginning', () => {
  const file = makeExecutable([1, 2, 3, 4]);
  const inside = Buffer.concat([Buffer.alloc(3), file]).subarray(3);
  assert.equal(peFileVersion(inside), '1.2.3.4');
});

test('what is no program has no version', () => {
  assert.equal(peFileVersion(new Uint8Array()), undefined);
  assert.equal(
    peFileVersion(Buffer.from('#!/bin/sh\necho a text that is longer than a header of a program\n')),
    undefined,
  );
  const other = makeExecutable([1, 2, 3, 4]);
  other.writeUInt32LE(9, 0x400 + 16);
  assert.equal(peFileVersion(other), undefined, 'a resource of another type');
});

test('a file that is cut anywhere, or lies about its tables, is read to no harm', () => {
  const whole = makeExecutable([1, 2, 3, 4]);
  for (let length = 0; length < 0x48c; length += 1) {
    assert.equal(peFileVersion(whole.subarray(0, length)), undefined, `cut at ${length}`);
  }
  for (let at = 0; at < 0x4a0; at += 1) {
    const bad = Buffer.from(whole);
    bad[at] = 0xff;
    const version = peFileVersion(bad);
    assert.ok(version === undefined || /^\d+(\.\d+){3}$/.test(version), `changed at ${at}`);
  }
});
