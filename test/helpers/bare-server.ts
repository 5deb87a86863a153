// Goes out: a server as a bundle meets it: a network of nothing but loopback, an empty home, a PATH of the system's own
// tools (no node, no npm, no uv), at most one Python on it, whose pip is hidden. Made of Linux namespaces, which take root.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, realpathSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { FoundPython } from '../../src/catalog/pythons.js';
import { temporaryFolder } from './folder.js';
import type { Ran } from './zookit.js';

/** Why there can be no such server here; false when there can. */
export const bareServerMissing: string | false =
  process.platform !== 'linux' || spawnSync('unshare', ['--net', '--mount', 'true']).status !== 0
    ? 'no rights to make namespaces of Linux here'
    : false;

export interface BareServer {
  readonly home: string;
  /** Runs a script of sh on it; each run has a network of its own. */
  run(script: string): Promise<Ran>;
}

/** Tools that a bare server does not have, whatever lies beside the system's. */
const notThere = /^(node|nodejs|npm|npx|corepack|uv|uvx|pip.*|python.*|idle.*|pydoc.*)$/;

/** SIOCSIFFLAGS with IFF_UP and IFF_RUNNING: not every system has a program for it. */
const loopbackUp = `import fcntl, socket, struct
flags = struct.pack("16sh14x", b"lo", 0x41)
fcntl.ioctl(socket.socket(), 0x8914, flags)`;

/** A server for one test; `helper` is any Python of this machine, `python` the one that is on its PATH. */
export function bareServer(
  context: TestContext,
  helper: FoundPython,
  python: FoundPython | undefined,
): BareServer {
  const folder = realpathSync(temporaryFolder(context));
  const [home, path, empty] = ['home', 'path', 'empty'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const each of [home, path, empty]) mkdirSync(each);
  const names = new Set([...readdirSync('/usr/bin'), ...readdirSync('/bin')]);
  for (const name of names) if (!notThere.test(name)) symlinkSync(`/usr/bin/${name}`, join(path, name));
  if (python) symlinkSync(python.path, join(path, 'python3'));
  const hidden = python ? foldersOfPip(python) : [];
  const setUp = [
    `'${helper.path}' -c '${loopbackUp}' || exit 99`,
    ...hidden.map((each) => `mount --bind '${empty}' '${each}' || exit 99`),
  ].join('\n');
  return {
    home,
    run: (script) =>
      ran(['--net', '--mount', '/bin/sh', '-c', `${setUp}\ncd "$HOME" || exit 99\n${script}`], {
        HOME: home,
        PATH: path,
        LANG: 'C.UTF-8',
      }),
  };
}

function foldersOfPip({ path }: FoundPython): string[] {
  const words =
    'import importlib.util as u\nfor n in ("pip", "ensurepip"):\n s = u.find_spec(n)\n if s: print(s.submodule_search_locations[0])';
  const { stdout } = spawnSync(path, ['-I', '-c', words], { encoding: 'utf8' });
  return stdout.split('\n').filter((line) => line !== '');
}

function ran(words: readonly string[], env: Readonly<Record<string, string>>): Promise<Ran> {
  const child = spawn('unshare', words, { env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status: status ?? -1, stdout, stderr }));
  });
}
