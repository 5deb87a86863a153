// 64 files of 8 MB and one of 1 GB over loopback, hashed on every side: Zookit's downloads against curl with sha256sum and
// against aria2c with its checksums. nginx serves, so that the server is not what is measured.
import { spawnSync } from 'node:child_process';
import { createHash, randomFillSync } from 'node:crypto';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Contestant } from './measure.js';
import { median, race, table } from './measure.js';
import { must } from './must.js';

interface ServedFile {
  readonly name: string;
  readonly url: string;
  readonly sha256: string;
  readonly size: number;
}

const megabyte = 1_000_000;
const fetchOnce = fileURLToPath(new URL('fetch-once.js', import.meta.url));

/** Prints the table; throws when nginx, curl or aria2c is missing. */
export async function benchDownload(rounds: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'zookit-bench-'));
  const port = await freePort();
  try {
    const files = makeFiles(folder, `http://127.0.0.1:${port}`);
    startNginx(folder, port);
    const results = race([zookit(folder, files), curl(folder, files), aria(folder, files)], rounds);
    const [own = 0, ...peers] = results.map(({ seconds }) => median(seconds));
    const fastest = Math.min(...peers);
    const rows = results.map(({ name }, index) => ({
      name,
      median: index === 0 ? own : (peers[index - 1] ?? 0),
      ...(index === 0 ? {} : { ratio: own / (peers[index - 1] ?? 1) }),
      ...(peers[index - 1] === fastest
        ? { goal: 'at most 0.77 (1.3 times as fast)', ok: own * 1.3 <= fastest }
        : {}),
    }));
    const memory = results[0]?.said.trim() ?? '';
    process.stdout.write(`${table(rows)}\nPeak memory of Zookit: ${memory} MB (goal: under 200)\n`);
  } finally {
    spawnSync('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf'), '-s', 'stop']);
    rmSync(folder, { recursive: true, force: true });
  }
}

function makeFiles(folder: string, address: string): ServedFile[] {
  mkdirSync(join(folder, 'www'));
  const sizes = [1000 * megabyte, ...Array.from({ length: 64 }, () => 8 * megabyte)];
  return sizes.map((size, index) => {
    const name = `file${index}.bin`;
    return { name, size, url: `${address}/${name}`, sha256: randomFile(join(folder, 'www', name), size) };
  });
}

/** Writes random bytes; returns their SHA-256. */
export function randomFile(path: string, size: number): string {
  const hash = createHash('sha256');
  const file = openSync(path, 'w');
  const block = Buffer.alloc(megabyte);
  for (let done = 0; done < size; done += block.length) {
    randomFillSync(block);
    hash.update(block);
    writeSync(file, block);
  }
  closeSync(file);
  return hash.digest('hex');
}

function startNginx(folder: string, port: number): void {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  writeFileSync(
    join(folder, 'nginx.conf'),
    `worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/error.log; user root;
events { worker_connections 256; }
http { access_log off; sendfile on; ${temporary.join(' ')}
  server { listen 127.0.0.1:${port}; root ${folder}/www; } }
`,
  );
  must('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')]);
}

/** Another folder for each contestant, empty before each round. */
function emptied(folder: string, name: string): { path: string; prepare: () => void } {
  const path = join(folder, name);
  return {
    path,
    prepare: () => {
      rmSync(path, { recursive: true, force: true });
      mkdirSync(path);
    },
  };
}

function zookit(folder: string, files: readonly ServedFile[]): Contestant {
  const { path, prepare } = emptied(folder, 'by-zookit');
  const list = join(folder, 'requests.json');
  writeFileSync(
    list,
    JSON.stringify(
      files.map(({ url, ...file }) => ({ kind: 'url', product: 'Bench', urls: [url], ...file })),
    ),
  );
  return { name: 'zookit', prepare, run: () => must(process.execPath, [fetchOnce, list, path]).stdout };
}

function curl(folder: string, files: readonly ServedFile[]): Contestant {
  const { path, prepare } = emptied(folder, 'by-curl');
  const list = join(folder, 'curl.txt');
  const sums = join(folder, 'sums.txt');
  writeFileSync(
    list,
    files.map(({ url, name }) => `url = "${url}"\noutput = "${join(path, name)}"\n`).join(''),
  );
  writeFileSync(sums, files.map(({ sha256, name }) => `${sha256}  ${join(path, name)}\n`).join(''));
  return {
    name: 'curl -Z, sha256sum -c',
    prepare,
    run: () => {
      must('curl', ['--silent', '-Z', '--parallel-max', '6', '-K', list]);
      return must('sha256sum', ['--quiet', '-c', sums]).stdout;
    },
  };
}

function aria(folder: string, files: readonly ServedFile[]): Contestant {
  const { path, prepare } = emptied(folder, 'by-aria2c');
  const list = join(folder, 'aria2c.txt');
  writeFileSync(
    list,
    files
      .map(({ url, name, sha256 }) => `${url}\n  dir=${path}\n  out=${name}\n  checksum=sha-256=${sha256}\n`)
      .join(''),
  );
  return {
    name: 'aria2c --checksum',
    prepare,
    run: () => must('aria2c', ['-q', '-j', '6', '--file-allocation=none', '-i', list]).stdout,
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
