// `zookit doctor`: is this machine, its feeds, its root and a site as they must be, and what to type where they are not.
// Only looks. The checks are values in doctor-*.ts; this file brings facts and checks together and tells the verdicts.
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from '../command.js';
import { flag, text, textOption } from '../command.js';
import type { Context } from '../context.js';
import type { ErrorCode } from '../errors.js';
import { AppError } from '../errors.js';
import { errorJson } from '../lib/error-json.js';
import type { Terminal } from '../lib/terminal.js';
import { builtInFeed, packageFile } from '../paths.js';
import type { CheckResult } from './doctor/check.js';
import { runChecks } from './doctor/check.js';
import { clockChecks, feedChecks } from './doctor/feeds.js';
import type { FeedsFacts } from './doctor/feeds-facts.js';
import { feedsFacts } from './doctor/feeds-facts.js';
import { machineChecks } from './doctor/machine.js';
import { machineFacts } from './doctor/machine-facts.js';
import { rootChecks } from './doctor/root.js';
import { rootFacts } from './doctor/root-facts.js';
import { iisChecks } from './doctor/iis.js';
import { doctorIisFacts, folderOfPlace } from './doctor/iis-facts.js';
import { siteChecks } from './doctor/site.js';
import type { SiteFacts } from './doctor/site-facts.js';
import { siteFacts } from './doctor/site-facts.js';

export const doctor: Command = {
  usage: 'doctor [DIR]',
  options: {
    deep: flag("Django's deployment checks of the site too"),
    iis: text('SITE/APP', 'the application of IIS that the site is, for example "Default Web Site/shop"'),
  },
  examples: [
    'zookit doctor',
    'zookit doctor ./shop --deep',
    'zookit doctor ./shop --iis "Default Web Site/shop"',
  ],
  async run(context, { options, names }) {
    if (!context.thisMachine)
      throw new AppError('USAGE', 'Only this machine can be looked at', {
        hint: 'Leave `--platform` and `--machine` out',
      });
    const place = textOption(options, 'iis');
    if (place !== undefined && context.platform.os !== 'windows')
      throw new AppError('USAGE', 'There is no IIS here: `--iis` is for Windows', {
        hint: 'Leave `--iis` out',
      });
    const named = names[0] === undefined ? undefined : resolve(names[0]);
    const folder = named ?? (place === undefined ? undefined : await folderOfPlace(context, place));
    const [machine, site] = await Promise.all([
      machineResults(context),
      folder === undefined ? undefined : siteFacts(context, folder, options['deep'] === true),
    ]);
    const checks = [
      ...machine,
      ...(site === undefined ? [] : runChecks('site', siteChecks, site)),
      ...(await iisResults(context, place, site)),
    ];
    tell(context.terminal, checks);
    return undefined;
  },
};

async function machineResults(context: Context): Promise<CheckResult[]> {
  const [machine, feeds, root] = await Promise.all([
    machineFacts(context),
    feedsFacts(context),
    rootFacts(context),
  ]);
  const clock = { ...feeds, os: context.platform.os, files: await datedFiles(context, feeds) };
  return [
    ...runChecks('machine', machineChecks, machine),
    ...runChecks('machine', clockChecks, clock),
    ...runChecks('feeds', feedChecks, feeds),
    ...runChecks('root', rootChecks, root),
  ];
}

/** Nothing that is there can have been written tomorrow. */
async function datedFiles(
  { paths }: Context,
  { feeds }: FeedsFacts,
): Promise<{ readonly path: string; readonly time: number }[]> {
  const files = await Promise.all(
    [packageFile, paths.journal, paths.savedFeeds].map(async (path) => {
      const time = (await stat(path).catch(() => undefined))?.mtimeMs;
      return time === undefined ? [] : [{ path, time }];
    }),
  );
  const own = Date.parse(feeds.find(({ builtIn }) => builtIn)?.updated ?? '');
  return [...files.flat(), ...(Number.isNaN(own) ? [] : [{ path: builtInFeed, time: own }])];
}

async function iisResults(
  context: Context,
  place: string | undefined,
  site: SiteFacts | undefined,
): Promise<CheckResult[]> {
  if (context.platform.os !== 'windows') return [];
  const question = { ...(place === undefined ? {} : { place }), ...(site === undefined ? {} : { site }) };
  return runChecks('iis', iisChecks, await doctorIisFacts(context, question));
}

/** Prints every verdict; throws the summary when one is bad. */
function tell(terminal: Terminal, checks: readonly CheckResult[]): void {
  const count = (status: string): number => checks.filter((each) => each.status === status).length;
  const failure = failureOf(checks);
  if (terminal.json) {
    const error = failure ? { error: errorJson(failure) } : {};
    terminal.printJson({ ok: !failure, ...error, checks });
  } else terminal.print(reportText(terminal, checks));
  terminal.say(`${count('ok')} ok, ${count('note')} worth a look, ${count('bad')} bad`);
  if (failure) throw failure;
}

/** Whose the first bad verdict is decides the code. */
const codes: Readonly<Record<string, ErrorCode>> = {
  machine: 'NO_INSTALLER',
  root: 'NO_INSTALLER',
  feeds: 'FEED_INVALID',
  site: 'SITE_INVALID',
  iis: 'SITE_INVALID',
};

function failureOf(checks: readonly CheckResult[]): AppError | undefined {
  const found = checks.filter(({ status }) => status === 'bad');
  const [first] = found;
  if (!first) return undefined;
  const what = `${found.length} of ${checks.length} checks ${found.length === 1 ? 'is' : 'are'} bad`;
  return new AppError(codes[first.group] ?? 'SITE_INVALID', what, {
    details: found.map(({ title, found: words }) => `${title}: ${words}`),
    ...(first.hint === undefined ? {} : { hint: first.hint }),
  });
}

const groupTitles: Readonly<Record<string, string>> = {
  machine: 'This machine',
  feeds: 'Feeds',
  root: 'Root',
  site: 'Site',
  iis: 'IIS',
};

function reportText(terminal: Terminal, checks: readonly CheckResult[]): string {
  const groups = [...new Set(checks.map(({ group }) => group))];
  return groups
    .map((group) => {
      const rows = checks.filter((each) => each.group === group);
      return [terminal.bold(groupTitles[group] ?? group), ...rows.flatMap((row) => rowText(terminal, row))];
    })
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function rowText({ green, red, dim }: Terminal, { status, title, found, hint }: CheckResult): string[] {
  const paint = { ok: green, note: dim, bad: red }[status];
  const line = `  ${paint(status.padEnd(4))}  ${title}: ${found}`;
  return [line, ...(hint === undefined ? [] : [`        ${hint}`])];
}
