// Programs that installers start and that misbehave: hang, flood, die, leave others behind. Zookit ends them when it is
// stopped, keeps its memory, says what happened, and never waits for ever.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { anyPython, entryXml, feedXml, needs, serveFeed, sha256 } from '../helpers/feed-xml.js';
import { pythonsHere } from '../helpers/pythons.js';
import type { Started, Zookit } from '../helpers/zookit.js';
import { assertDone, assertFails, checkLeftovers, programsOf, zookitWorld } from '../helpers/zookit.js';

const [python] = await pythonsHere();
const linux = process.platform === 'linux' ? false : 'needs /proc';
const skip = python ? linux : 'no Python here';

interface World {
  readonly zookit: Zookit;
  readonly words: readonly string[];
}

/** A product whose installation is this script. */
async function world(context: TestContext, source: string): Promise<World> {
  const argument = '<zk:argument>setup.py</zk:argument>';
  const feed = feedXml(
    anyPython,
    entryXml('Job', '1', {
      needs: needs('Python'),
      installers: `<installer><zk:script><zk:file href="setup.py" sha256="${sha256(source)}"/>
        <zk:run>${argument}</zk:run><zk:undo>${argument}<zk:argument>undo</zk:argument></zk:undo></zk:script></installer>`,
    }),
  );
  const server = await serveFeed(context, feed, { 'setup.py': source });
  const zookit = zookitWorld(context, { programs: { python3: python?.path ?? '' } });
  return { zookit, words: ['install', 'Job', '--main-feed', server.feed] };
}

/** Nothing to do when it is undone. */
const start = 'import os, signal, subprocess, sys, time\nif "undo" in sys.argv: sys.exit()\n';

/** Waits for a file that the script makes, as long as the run lasts. */
async function made({ ended }: Started, path: string): Promise<string> {
  const over = new AbortController();
  void ended.then(() => over.abort());
  const read = (): string => {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return '';
    }
  };
  while (read() === '' && !over.signal.aborted) await pause(20);
  return read();
}

/** Whether any process has this word in its command line. */
function isAtWork(word: string): boolean {
  return readdirSync('/proc').some((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(word);
    } catch {
      return false;
    }
  });
}

describe('children', { concurrency: 1, skip }, () => {
  for (const [what, deaf] of [
    ['hangs', ''],
    ['hangs and is deaf', 'signal.signal(signal.SIGTERM, signal.SIG_IGN)\n'],
  ] as const)
    test(`a script that ${what} is ended by Ctrl-C, with what it started`, async (context) => {
      const word = `sleeper-${process.pid}-${deaf.length}`;
      const it = await world(
        context,
        `${start}${deaf}subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)", "${word}"])
open("../started", "w").write("yes")
time.sleep(1000)
`,
      );
      const run = it.zookit.start(it.words);
      assert.equal(await made(run, join(it.zookit.root, 'products/started')), 'yes');
      assert.ok(isAtWork(word));
      run.child.kill('SIGINT');
      const ended = await run.ended;
      assertFails(
        ended,
        130,
        'INTERRUPTED',
        /Stopped while installing 'Job' 1; what it had changed is undone/,
      );
      assert.ok(!isAtWork(word), 'the grandchild is gone too');
      checkLeftovers(it.zookit.folder);
      assert.deepEqual(
        programsOf(it.zookit).filter((name) => name.includes('Job')),
        [],
      );
    });

  test('a script that is left at work by a kill is ended by the next run', async (context) => {
    const word = `orphan-${process.pid}`;
    const it = await world(
      context,
      `${start}import pathlib
folder = os.getcwd()
if not os.path.exists("../started"):
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)", "${word}"])
    open("../started", "w").write("yes")
    while True:
        os.makedirs(folder, exist_ok=True)
        pathlib.Path(folder, "late.txt").write_text("late")
`,
    );
    const run = it.zookit.start(it.words);
    await made(run, join(it.zookit.root, 'products/started'));
    run.child.kill('SIGKILL');
    await run.ended;
    assert.ok(isAtWork(word));
    const again = await it.zookit.run(it.words);
    assertDone(again);
    assert.match(again.stderr, /had started was still at work: it has ended now/);
    assert.ok(!isAtWork(word));
    assert.deepEqual(readdirSync(join(it.zookit.root, 'products/Job')), ['setup.py']);
  });

  for (const [what, line] of [
    ['lines', '"x" * 1000 + "\\n"'],
    ['one line without an end', '"x" * 1000'],
  ] as const)
    test(`a script that floods its output (${what}) costs no memory`, async (context) => {
      const it = await world(context, `${start}for _ in range(300_000): sys.stdout.write(${line})\n`);
      const run = it.zookit.start([...it.words, '--verbose']);
      let most = 0;
      const look = setInterval(() => (most = Math.max(most, memoryOf(run.child.pid ?? 0))), 20);
      const ended = await run.ended;
      clearInterval(look);
      assertDone(ended);
      assert.ok(most > 0 && most < 300_000, `${most} kB`);
    });

  for (const [name, words] of [
    ['SIGSEGV', /The script of 'Job' was ended by signal SIGSEGV/],
    ['SIGKILL', /signal SIGKILL, perhaps because memory ran out/],
    ['SIGABRT', /signal SIGABRT/],
  ] as const)
    test(`a script that dies by ${name} is told so`, async (context) => {
      const it = await world(context, `${start}os.kill(os.getpid(), signal.${name})\n`);
      assertFails(await it.zookit.run(it.words), 5, 'INSTALLER_FAILED', words);
    });

  test('a script that leaves a service with its pipes open is done when it is done', async (context) => {
    const word = `service-${process.pid}`;
    const it = await world(
      context,
      `${start}child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)", "${word}"])
open("../service", "w").write(str(child.pid))
print("started")
`,
    );
    const ran = await it.zookit.run(it.words);
    const service = Number(readFileSync(join(it.zookit.root, 'products/service'), 'utf8'));
    assert.ok(isAtWork(word), 'a service that an installer starts is to stay');
    process.kill(service, 'SIGKILL');
    assertDone(ran);
  });

  test('answers to questions are in no environment of a script', async (context) => {
    const it = await world(
      context,
      `${start}sys.exit(any("ZOOKIT_PARAM" in name.upper() for name in os.environ))\n`,
    );
    assertDone(await it.zookit.run(it.words, { env: { ZOOKIT_PARAM_DBPASSWORD: 'secret' } }));
  });
});

/** kB of real memory that a process has now. */
function memoryOf(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
