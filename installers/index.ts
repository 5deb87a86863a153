// The table of installer kinds: name in the plan -> code that runs it. A new kind is a new file and a line here.
import type { InstallerKind } from '../src/kind.js';
import type { KindName } from '../src/types.js';
import { archive } from './archive.js';
import { cmdline } from './cmdline.js';
import { exe } from './exe.js';
import { feature } from './feature.js';
import { hosting } from './hosting.js';
import { iis } from './iis.js';
import { msi } from './msi.js';
import { msu } from './msu.js';
import { none } from './none.js';
import { payload } from './payload.js';
import { python } from './python.js';
import { script } from './script.js';
import { system } from './system.js';
import { template } from './template.js';
import { unzip } from './unzip.js';
import { webdeploy } from './webdeploy.js';

const ours = [archive, payload, python, script, system, template, webdeploy, none];
const windows = [exe, msi, msu, cmdline, unzip, feature, hosting, iis];

export const installerKinds: ReadonlyMap<KindName, InstallerKind> = new Map(
  [...ours, ...windows].map((kind) => [kind.name, kind] as const),
);
