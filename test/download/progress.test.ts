import assert from 'node:assert/strict';
import { test } from 'node:test';
import { progressLines, showProgress } from '../../src/download/progress.js';
import type { FileRequest } from '../../src/types.js';

function request(name: string, size?: number): FileRequest {
  return { kind: 'url', product: 'P', urls: [], name, ...(size === undefined ? {} : { size }) };
}

test('a bar for each file under way, one line for all, and the time that is left', () => {
  const [python, uv, rest] = [
    request('python.zip', 10_000_000),
    request('uv.zip', 1000),
    request('rest.zip', 10_000_000),
  ];
  const bytes = new Map([
    [python, 5_000_000],
    [uv, 1000],
  ]);
  assert.deepEqual(progressLines({ requests: [python, uv, rest], bytes, done: new Set([uv]), seconds: 10 }), [
    '  python.zip         [######......]  50 %  5.0 MB of 10 MB',
    'Downloaded 1 of 3 files, 5.0 MB of 20 MB, about 30 s left',
  ]);
});

test('what nobody knows is not told: no bar without a size, no time without a rate', () => {
  const one = request('one.zip');
  assert.deepEqual(
    progressLines({ requests: [one], bytes: new Map([[one, 1200]]), done: new Set(), seconds: 60 }),
    ['  one.zip            1.2 kB', 'Downloaded 0 of 1 files'],
  );
  const two = request('two.zip', 5000);
  assert.deepEqual(progressLines({ requests: [two], bytes: new Map(), done: new Set(), seconds: 60 }), [
    'Downloaded 0 of 1 files, 0 B of 5.0 kB',
  ]);
});

test('a size that the feed gave too small never makes more than the whole', () => {
  const one = request('one.zip', 1000);
  const [line, total] = progressLines({
    requests: [one],
    bytes: new Map([[one, 5000]]),
    done: new Set(),
    seconds: 9,
  });
  assert.equal(line, '  one.zip            [############] 100 %  1.0 kB of 1.0 kB');
  assert.equal(total, 'Downloaded 0 of 1 files, 1.0 kB of 1.0 kB');
});

test('pictures come at most ten times a second, and when a file is here', () => {
  let clock = 0;
  const pictures: (readonly string[] | undefined)[] = [];
  const one = request('one.zip', 1000);
  const progress = showProgress(
    [one],
    (lines) => pictures.push(lines),
    () => clock,
  );
  for (let piece = 0; piece < 10; piece++) {
    clock += 30;
    progress.received(one, 100);
  }
  progress.finished(one);
  progress.end();
  assert.equal(pictures.length, 5);
  assert.deepEqual(pictures.at(-2), ['Downloaded 1 of 1 files, 1.0 kB of 1.0 kB']);
  assert.equal(pictures.at(-1), undefined);
});
