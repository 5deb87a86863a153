#!/usr/bin/env node
// The program `zookit`. Answers `--version` before anything else is loaded; all else is cli's. CommonJS, because node
// starts its loader of ES modules only when it meets one, and that is a third of the time of `--version`.
import fs = require('node:fs');
import path = require('node:path');

if (process.argv[2] === '--version' && process.argv.length === 3) {
  const file = path.join(__dirname, '..', '..', 'package.json');
  process.stdout.write(`${(JSON.parse(fs.readFileSync(file, 'utf8')) as { version: string }).version}\n`);
} else {
  void import('./cli.js').then(async ({ main }) => {
    process.exitCode = await main(process.argv.slice(2));
  });
}
