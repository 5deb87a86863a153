// Wrong uses: projects and their folders, sites, ports, names.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pythonsHere } from '../../helpers/pythons.js';
import { anotherUser } from '../../helpers/user.js';
import type { Place, WrongUse } from '../../helpers/wrong-uses.js';
import { fileThere } from '../../helpers/wrong-uses.js';

const other = await anotherUser();
const withoutOther = other ? false : 'cannot become another user';
const [python] = await pythonsHere();
const withPython = {
  skip: python ? (false as const) : 'no Python here',
  programs: python ? { python3: python.path } : {},
};
const onWindows = process.platform === 'win32' && 'IIS is here';

/** A project of the template Page. */
const made = async ({ type }: Place): Promise<undefined> => {
  await type('new Page shop');
};

const occupied = ({ zookit }: Place): undefined => {
  mkdirSync(join(zookit.work, 'shop'));
  writeFileSync(join(zookit.work, 'shop', 'mine.txt'), 'mine');
};

const aFile = fileThere('shop', 'a file');

/** A site of files only, whose web.config is this. */
const site =
  (text: string) =>
  (place: Place): undefined => {
    mkdirSync(join(place.zookit.work, 'shop'));
    place.write('shop/web.config', text);
  };

const fastCgi = `<configuration><system.webServer><handlers>
<add name="a" path="*" verb="*" modules="FastCgiModule" scriptProcessor="C:\\python.exe|C:\\other\\worker.py"/>
</handlers></system.webServer></configuration>`;

export const wrongProjects: readonly WrongUse[] = [
  { type: 'new', code: 'USAGE', names: 'new', then: 'new Page shop' },
  { type: 'new Page', code: 'USAGE', names: 'new', then: 'new Page shop' },
  { type: 'new Paage shop', code: 'PRODUCT_UNKNOWN', names: "'Paage'", then: 'new Page shop' },
  { type: 'new Tool shop', code: 'USAGE', names: "'Tool'" },
  {
    type: 'new DjangoProjekt shop',
    builtIn: true,
    code: 'PRODUCT_UNKNOWN',
    names: "'DjangoProjekt'",
    then: 'show DjangoProject',
  },
  {
    type: 'new Page shop',
    about: 'the folder is not empty',
    code: 'USAGE',
    names: 'shop',
    given: occupied,
    then: 'new Page shop2',
  },
  {
    type: 'new Page shop',
    about: 'it is a file',
    code: 'USAGE',
    names: 'shop',
    given: aFile,
    then: 'new Page shop2',
  },
  {
    type: 'new Page shop/below',
    about: 'inside a file',
    code: 'USAGE',
    names: 'shop/below',
    given: aFile,
    then: 'new Page shop2/below',
  },
  {
    type: 'new Page {beside}/closed/shop --root {beside}/own',
    about: 'where this user may not look',
    skip: withoutOther,
    ...(other ? { as: other } : {}),
    code: 'NEEDS_ADMIN',
    names: 'closed/shop',
    given: (place) => forOther(place, 0o700),
    then: 'new Page {beside}/shop --root {beside}/own',
  },
  {
    type: 'new Page {beside}/closed/shop --root {beside}/own',
    about: 'where this user may not write',
    skip: withoutOther,
    ...(other ? { as: other } : {}),
    code: 'NEEDS_ADMIN',
    names: 'closed/shop',
    given: (place) => forOther(place, 0o755),
    then: 'new Page {beside}/shop --root {beside}/own',
  },
  { type: 'new Page shop --name class', code: 'USAGE', names: "'class'", then: 'new Page shop {hint}' },
  { type: 'new Page shop --name "my shop"', code: 'USAGE', names: "'my shop'", then: 'new Page shop {hint}' },
  { type: 'new Page shop --name 1shop', code: 'USAGE', names: "'1shop'", then: 'new Page shop {hint}' },
  { type: 'new Page shop --name django', code: 'USAGE', names: "'django'", then: 'new Page shop {hint}' },
  { type: 'new Page shop --host apache', code: 'USAGE', names: "'apache'", then: 'new Page shop --host zoo' },
  { type: 'new Page shop --database sqlite', code: 'USAGE', names: /database/i, then: 'show Page' },
  {
    type: 'new DjangoProject shop --database sqlit',
    builtIn: true,
    code: 'USAGE',
    names: "'sqlit'",
    then: 'help databases',
  },
  {
    type: 'new Page shop --param Color=red',
    code: 'USAGE',
    names: /Color/i,
    then: 'new Page shop --param Colour=red',
  },
  { type: 'new Page shop --with Nonsense', code: 'PRODUCT_UNKNOWN', names: "'Nonsense'", then: 'list' },
  { type: 'new Page shop --pool shop', code: 'USAGE', names: '--pool', then: 'new Page shop' },
  {
    type: 'new DjangoProject shop --iis "Default Web Site/shop"',
    builtIn: true,
    skip: onWindows,
    code: 'NO_INSTALLER',
    names: 'Default Web Site/shop',
  },
  {
    type: 'new DjangoProject shop --iis "Default Web Site/a:b"',
    builtIn: true,
    code: 'USAGE',
    names: 'a:b',
    then: 'help iis',
  },
  {
    type: 'new Page shop --serve --port 99999',
    code: 'USAGE',
    names: "'99999'",
    then: 'new Page shop {hint}',
  },
  { type: 'serve nowhere', code: 'SITE_INVALID', names: 'nowhere', then: 'new Page shop' },
  { type: 'deploy nowhere', code: 'SITE_INVALID', names: 'nowhere', then: 'new Page shop' },
  {
    type: 'serve',
    about: 'a folder without web.config',
    code: 'SITE_INVALID',
    names: '{work}',
    then: 'new Page shop',
  },
  {
    type: 'serve shop --port http',
    code: 'USAGE',
    names: "'http'",
    given: made,
    then: 'serve shop {hint}',
    ends: 'PYTHON_FAILED',
  },
  { type: 'serve shop --port -1', code: 'USAGE', names: '--port', given: made },
  {
    type: 'serve shop',
    about: 'web.config is not well-formed',
    code: 'SITE_INVALID',
    names: 'web.config',
    given: site('<configuration>'),
    then: 'serve --help',
  },
  {
    type: 'serve shop',
    about: 'web.config is empty',
    code: 'SITE_INVALID',
    names: 'web.config',
    given: site(''),
    then: 'serve --help',
  },
  {
    type: 'serve shop',
    about: 'no Python on PATH',
    code: 'PYTHON_FAILED',
    names: 'shop',
    given: made,
    then: 'show Python',
  },
  {
    type: 'serve shop',
    about: 'a worker of somebody else',
    code: 'SITE_INVALID',
    names: 'web.config',
    given: site(fastCgi),
    then: 'serve --help',
  },
  {
    type: 'serve shop --port {port}',
    about: 'a port that is busy',
    ...withPython,
    builtIn: true,
    code: 'USAGE',
    names: '{port}',
    given: async (place) => {
      await place.type('new WSGIProject shop --no-deploy --yes');
      const server = createServer();
      await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
      place.test.after(() => void server.close());
      return { values: { port: String((server.address() as AddressInfo).port) } };
    },
    then: 'serve --help',
  },
  {
    type: 'serve shop',
    about: 'no Python workers',
    ...withPython,
    code: 'SITE_INVALID',
    names: 'workers',
    given: made,
    builtIn: false,
    then: 'serve --help',
  },
  {
    type: 'deploy shop',
    about: 'no Python workers',
    code: 'SITE_INVALID',
    names: 'workers',
    given: made,
    then: 'deploy --help',
  },
  {
    type: 'deploy shop',
    about: 'deploy.py fails',
    ...withPython,
    builtIn: true,
    code: 'INSTALLER_FAILED',
    names: 'deploy.py',
    given: async (place) => {
      await place.type('new WSGIProject shop --no-deploy --yes');
      const script = join(place.zookit.work, 'shop', 'deploy.py');
      writeFileSync(script, 'raise SystemExit("The database does not answer")\n');
      return { mend: () => writeFileSync(script, 'print("done")\n') };
    },
  },
  { type: 'python -c 1', code: 'PYTHON_FAILED', names: 'environments', then: 'python --help' },
  { type: 'python --env nowhere manage.py', code: 'PYTHON_FAILED', names: 'nowhere', then: 'new Page shop' },
  {
    type: 'python --env shop manage.py',
    code: 'PYTHON_FAILED',
    names: 'shop',
    given: made,
    then: '{hint}',
    ends: 'SITE_INVALID',
  },
  { type: 'doctor nowhere', ...withPython, code: 'SITE_INVALID', names: 'nowhere', then: 'new Page shop' },
  {
    type: 'doctor --iis "Default Web Site/shop"',
    skip: onWindows,
    code: 'USAGE',
    names: '--iis',
    then: 'doctor --help',
  },
];

/** A folder that its owner has closed, beside one that everybody may write. */
function forOther({ zookit, beside }: Place, mode: number): undefined {
  mkdirSync(join(beside, 'closed'), { mode });
  chmodSync(beside, 0o777);
  for (const name of ['', 'home', 'path', 'temporary', 'work']) chmodSync(join(zookit.folder, name), 0o777);
}
