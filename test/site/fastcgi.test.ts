// FastCGI records and pairs: what is written is read back, however the bytes are split.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  createRecordDecoder,
  decodeEnd,
  encodeBegin,
  encodePairs,
  encodeRecord,
  encodeStream,
  encodeStreamEnd,
  FcgiError,
  recordType,
  type FcgiRecord,
} from '../../src/site/fastcgi.js';
import { seeded, type Random } from '../helpers/random.js';

const bytesOf = (random: Random, length: number): Buffer =>
  Buffer.from(Array.from({ length }, () => random.below(256)));

function records(random: Random): FcgiRecord[] {
  return Array.from({ length: random.below(12) + 1 }, () => ({
    type: random.below(13),
    requestId: random.below(65536),
    content: bytesOf(random, random.pick([0, 1, 7, 8, 9, random.below(400)])),
  }));
}

/** Section 3.4 read back, for what this host only writes. */
function decodePairs(bytes: Buffer): readonly (readonly [name: string, value: Buffer])[] {
  let position = 0;
  const length = (): number => {
    const short = bytes.readUInt8(position);
    position += short < 128 ? 1 : 4;
    return short < 128 ? short : bytes.readUInt32BE(position - 4) & 0x7fff_ffff;
  };
  const pairs: (readonly [string, Buffer])[] = [];
  while (position < bytes.length) {
    const [name, value] = [length(), length()];
    const end = position + name + value;
    pairs.push([bytes.toString('utf8', position, position + name), bytes.subarray(position + name, end)]);
    position = end;
  }
  assert.equal(position, bytes.length);
  return pairs;
}

describe('records', () => {
  it('are read as they were written, split anywhere', () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const random = seeded(seed);
      const written = records(random);
      const bytes = Buffer.concat(written.map(encodeRecord));
      const decode = createRecordDecoder();
      const read: FcgiRecord[] = [];
      for (let at = 0; at < bytes.length;) {
        const end = at + 1 + random.below(random.pick([1, 9, 300]));
        read.push(...decode(bytes.subarray(at, end)));
        at = end;
      }
      assert.deepEqual(read, written, `seed ${seed}`);
    }
  });

  it('are the same for every single split of a stream', () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const written = records(seeded(seed)).slice(0, 4);
      const bytes = Buffer.concat(written.map(encodeRecord));
      for (let at = 0; at <= bytes.length; at += 1) {
        const decode = createRecordDecoder();
        const read = [...decode(bytes.subarray(0, at)), ...decode(bytes.subarray(at))];
        assert.deepEqual(read, written, `seed ${seed}, at ${at}`);
      }
    }
  });

  it('have the bytes of the specification', () => {
    assert.equal(encodeBegin(258).toString('hex'), '0101010200080000' + '0001010000000000');
    assert.equal(
      encodeRecord({ type: 5, requestId: 1, content: Buffer.from('abc') }).toString('hex'),
      '0105000100030500' + '6162630000000000',
    );
    assert.equal(encodeStreamEnd(recordType.parameters, 3).toString('hex'), '0104000300000000');
    assert.deepEqual(decodeEnd(Buffer.from('0000000702000000', 'hex')), {
      applicationStatus: 7,
      protocolStatus: 2,
    });
  });

  it('of a stream hold all of it, and an empty piece does not end it', () => {
    const content = bytesOf(seeded(3), 200_001);
    const decode = createRecordDecoder();
    const read = encodeStream(recordType.standardInput, 9, content).flatMap((each) => decode(each));
    assert.ok(Buffer.concat(read.map((each) => each.content)).equals(content));
    assert.ok(read.every((each) => each.content.length > 0 && each.requestId === 9));
    assert.deepEqual(encodeStream(recordType.standardInput, 9, Buffer.alloc(0)), []);
  });

  it('of another version, or too short an end, are refused', () => {
    assert.throws(() => createRecordDecoder()(Buffer.from('HTTP/1.1 200 OK\r\n')), FcgiError);
    assert.throws(() => decodeEnd(Buffer.alloc(7)), FcgiError);
    assert.throws(() => encodeRecord({ type: 1, requestId: 1, content: Buffer.alloc(65536) }), RangeError);
  });
});

describe('pairs', () => {
  it('are read as they were written', () => {
    for (let seed = 1; seed <= 100; seed += 1) {
      const random = seeded(seed);
      const written = Array.from({ length: random.below(6) }, () => {
        const length = random.pick([0, 1, 127, 128, 129, 70_000]);
        return ['N'.repeat(random.pick([0, 1, 127, 128])), bytesOf(random, length)] as const;
      });
      assert.deepEqual(decodePairs(encodePairs(written)), written, `seed ${seed}`);
    }
  });

  it('have long lengths in four bytes', () => {
    const block = encodePairs([['a', 'b'.repeat(128)]]);
    assert.equal(block.subarray(0, 6).toString('hex'), '018000008061');
    assert.deepEqual(decodePairs(encodePairs([['n', 'ä']])), [['n', Buffer.from('ä')]]);
  });
});
