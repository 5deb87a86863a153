// The queue in front of workers' connections, over real sockets with a worker played by hand.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { WorkerConnection } from '../../src/site/connection.js';
import { createRecordDecoder, encodeRecord, recordType } from '../../src/site/fastcgi.js';
import { SlotRefused, Slots, type Refusal, type SlotLimits } from '../../src/site/slots.js';

const never = new AbortController().signal;
const parameters = Buffer.alloc(0);

interface Played {
  readonly slots: Slots;
  /** The worker's end of the only connection. */
  readonly worker: Socket;
  /** Resolves with the id of the request that runs. */
  readonly begun: () => Promise<number>;
  /** Ends the request that runs. */
  readonly finish: () => Promise<void>;
}

async function play(context: TestContext, limits: Partial<SlotLimits> = {}): Promise<Played> {
  const slots = new Slots({ waiting: 2, patience: 10_000, ...limits });
  const server = createServer((socket) => {
    const connection = new WorkerConnection(socket, {
      idle: (each) => slots.offer(each),
      closed: (each) => slots.remove(each),
      errorText: () => undefined,
    });
    slots.offer(connection);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const worker = connect((server.address() as { port: number }).port, '127.0.0.1');
  context.after(() => {
    slots.close();
    worker.destroy();
    server.close();
  });
  const decode = createRecordDecoder();
  let requestId = 0;
  worker.on('data', (piece: Buffer) => {
    for (const record of decode(piece))
      if (record.type === recordType.beginRequest) requestId = record.requestId;
  });
  const begun = async (): Promise<number> => {
    while (requestId === 0) await new Promise((resolve) => setImmediate(resolve));
    return requestId;
  };
  const finish = async (): Promise<void> => {
    const ended = { type: recordType.endRequest, requestId: await begun(), content: Buffer.alloc(8) };
    requestId = 0;
    worker.write(encodeRecord(ended));
  };
  while (slots.size === 0) await new Promise((resolve) => setImmediate(resolve));
  return { slots, worker, begun, finish };
}

const refusedFor = (refusal: Refusal) => (error: unknown) =>
  error instanceof SlotRefused && error.refusal === refusal;

describe('Slots', () => {
  it('gives one connection to one request at a time, in order', async (context) => {
    const { slots, finish } = await play(context);
    const order: string[] = [];
    const first = await slots.begin(parameters, never);
    const second = slots.begin(parameters, never).then((exchange) => (order.push('second'), exchange));
    const third = slots.begin(parameters, never).then((exchange) => (order.push('third'), exchange));
    assert.deepEqual(order, []);
    await finish();
    assert.deepEqual(await first.ended, { kind: 'done', applicationStatus: 0 });
    await second;
    assert.deepEqual(order, ['second']);
    await finish();
    await third;
    assert.deepEqual(order, ['second', 'third']);
  });

  it('refuses when too many wait, after their patience, and when a visitor leaves', async (context) => {
    const { slots, finish } = await play(context, { patience: 50 });
    const running = await slots.begin(parameters, never);
    const leaving = new AbortController();
    const left = slots.begin(parameters, leaving.signal);
    const impatient = slots.begin(parameters, never);
    await assert.rejects(slots.begin(parameters, never), refusedFor('queue full'));
    leaving.abort();
    await assert.rejects(left, refusedFor('stopped'));
    await assert.rejects(impatient, refusedFor('waited too long'));
    await finish();
    await running.ended;
    assert.ok(await slots.begin(parameters, never));
  });

  it('refuses at once while no worker is there, unless one is expected', async (context) => {
    const { slots, worker } = await play(context);
    worker.destroy();
    while (slots.size > 0) await new Promise((resolve) => setImmediate(resolve));
    await assert.rejects(slots.begin(parameters, never), refusedFor('no worker'));
    slots.expect();
    const waiting = slots.begin(parameters, never);
    slots.giveUp('exit status 1');
    await assert.rejects(
      waiting,
      (error) => error instanceof SlotRefused && /exit status 1/.test(error.message),
    );
  });

  it('tells a lost request how much had come', async (context) => {
    const { slots, worker, begun } = await play(context);
    const exchange = await slots.begin(parameters, never);
    const content = Buffer.from('half');
    worker.end(encodeRecord({ type: recordType.standardOutput, requestId: await begun(), content }));
    assert.deepEqual(await exchange.ended, { kind: 'lost', bytes: 4 });
    await assert.rejects(slots.begin(parameters, never), refusedFor('no worker'));
  });

  it('drops a connection that speaks something else', async (context) => {
    const { slots, worker } = await play(context);
    const exchange = await slots.begin(parameters, never);
    worker.write('HTTP/1.1 200 OK\r\n\r\n');
    assert.deepEqual(await exchange.ended, { kind: 'lost', bytes: 0 });
    assert.equal(slots.size, 0);
  });
});
