#!/usr/bin/env node
// The program `zookit`. Answers `--version` before anything else is loaded; all else is cli's.
import { readFileSync } from 'node:fs';

if (process.argv[2] === '--version') {
  const file = new URL('../../package.json', import.meta.url);
  process.stdout.write(`${(JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version}\n`);
} else {
  const { main } = await import('./cli.js');
  process.exitCode = await main(process.argv.slice(2));
}
