// Supervision of one process: restarts, pauses, stopping. The processes are small Node programs.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { restartPause, Worker, type WorkerCommand, type WorkerExit } from '../../src/site/worker.js';

const program = (code: string): WorkerCommand => ({
  program: process.execPath,
  arguments: ['-e', code],
  directory: process.cwd(),
  environment: process.env,
});

interface Watched {
  readonly worker: Worker;
  readonly lines: string[];
  /** Resolves with the exits when there are so many. */
  readonly exits: (count: number) => Promise<readonly WorkerExit[]>;
}

function supervise(commands: () => Promise<WorkerCommand>, connectedBy = '', stopLimit = 60_000): Watched {
  const exits: WorkerExit[] = [];
  const lines: string[] = [];
  let changed: () => void = () => undefined;
  const worker = new Worker({
    command: commands,
    windows: process.platform === 'win32',
    stopLimit,
    // However slowly programs start here.
    shortLife: 60_000,
    onLine: (line) => {
      lines.push(line);
      if (line === connectedBy) worker.connected();
      changed();
    },
    onExit: (exit) => {
      exits.push(exit);
      changed();
    },
  });
  return {
    worker,
    lines,
    exits: async (count) => {
      while (exits.length < count) await new Promise<void>((resolve) => (changed = resolve));
      return exits;
    },
  };
}

describe('Worker', () => {
  it('starts again at once when a worker that had connected ends with 0', async () => {
    const { worker, exits, lines } = supervise(() => Promise.resolve(program('console.log("up")')), 'up');
    const ended = await exits(3);
    await worker.stop();
    assert.deepEqual(
      ended.slice(0, 3).map(({ soon, failed, pause }) => ({ soon, failed, pause })),
      Array.from({ length: 3 }, () => ({ soon: true, failed: false, pause: 0 })),
    );
    assert.ok(lines.length >= 3);
  });

  it('pauses longer after each failed start, and tells the last lines', async () => {
    const code = 'for (let i = 0; i < 30; i += 1) console.error("line " + i); process.exitCode = 3';
    const { worker, exits } = supervise(() => Promise.resolve(program(code)));
    const [first, second] = await exits(2);
    await worker.stop();
    assert.deepEqual([first?.pause, second?.pause], [500, 1000]);
    assert.deepEqual([first?.soon, first?.failed, first?.reason], [false, true, 'exit status 3']);
    assert.deepEqual([first?.lines.length, first?.lines.at(-1)], [20, 'line 29']);
  });

  it('takes ending with 0 at once, without having connected, for a failure', async () => {
    const { worker, exits } = supervise(() => Promise.resolve(program('')));
    const [first] = await exits(1);
    await worker.stop();
    assert.equal(first?.failed, true);
  });

  it('counts a missing program and a rejected command as failed starts', async () => {
    const missing = supervise(() => Promise.resolve({ ...program(''), program: '/no/such/python' }));
    assert.match((await missing.exits(1))[0]?.reason ?? '', /ENOENT/);
    await missing.worker.stop();
    const rejected = supervise(() => Promise.reject(new Error('web.config is broken')));
    assert.equal((await rejected.exits(1))[0]?.reason, 'web.config is broken');
    await rejected.worker.stop();
  });

  it(
    'asks a worker to stop, and kills one that does not',
    { skip: process.platform === 'win32' },
    async () => {
      const obedient = 'process.on("SIGTERM", () => { console.log("bye"); process.exit(0); })';
      const stubborn = 'process.on("SIGTERM", () => console.log("no"))';
      for (const [code, word, limit] of [
        [obedient, 'bye', 60_000],
        [stubborn, 'no', 3000],
      ] as const) {
        const text = `${code}; console.log(process.pid); setInterval(() => 0, 1000)`;
        const { worker, lines } = supervise(() => Promise.resolve(program(text)), '', limit);
        while (lines.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
        await worker.stop();
        assert.equal(lines[1], word);
        assert.throws(() => process.kill(Number(lines[0]), 0), { code: 'ESRCH' });
      }
    },
  );

  it('has pauses that grow to ten seconds', () => {
    assert.deepEqual([0, 1, 2, 3, 7, 100].map(restartPause), [0, 500, 1000, 2000, 10_000, 10_000]);
  });
});
