// `zookit new`: a project from a template, with everything it needs, deployed once; with --serve running at the end.
import { readdir, rmdir } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import type { Command, Options } from '../command.js';
import { bundleOptions, flag, list, listOption, oneOf, text, textOption } from '../command.js';
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import { exists } from '../lib/files.js';
import { typedWord } from '../lib/quote.js';
import type { Entry, Installer, Step } from '../types.js';
import type { IisWish } from './iis-site.js';
import {
  hostForms,
  iisOptions,
  iisProduct,
  iisWish,
  showSite,
  siteAddress,
  siteAnswers,
} from './iis-site.js';
import type { Said } from './answers.js';
import { answersFor, saidFor } from './answers.js';
import {
  installOptions,
  machineOptions,
  newestEntry,
  refuseTemplates,
  saidBy,
  secretParameters,
  tellUnused,
} from './install.js';
import { carryOut } from './installing.js';
import { openCatalog } from './open-catalog.js';
import { answered, makePlan, parseWanted } from './planning.js';
import { refuseOccupied, refuseUnusable } from './project-folder.js';
import { checkProjectName, projectName } from './project-name.js';
import { portOption, serveOptions, serveSite } from './serve.js';
import { asWriter } from './writing.js';
import { outcomeJson } from './view-outcome.js';
import { findProduct } from '../lib/find-product.js';

/** Options that stand for parameters of templates. */
const shortcuts: Readonly<Record<string, string>> = {
  name: 'projectname',
  database: 'database',
  host: 'hostform',
};

const databases = ['sqlite', 'postgresql', 'mysql', 'mssql', 'oracle'];

export const newProject: Command = {
  usage: 'new TEMPLATE DIR',
  options: {
    ...installOptions,
    ...bundleOptions,
    name: text('NAME', "the project's name; else the folder's"),
    database: oneOf(databases, 'sqlite, postgresql, mysql, mssql or oracle'),
    host: oneOf(hostForms, 'web.config for httpplatform, fastcgi or zoo', 'FORM'),
    with: list(
      'PRODUCT',
      'one more product for its environment, as PRODUCT or PRODUCT@RANGE; again for more',
    ),
    'no-deploy': flag('only write the project; database and static files wait for `zookit deploy`'),
    ...iisOptions,
    serve: flag('serve the site when it is there'),
    ...serveOptions,
  },
  examples: [
    'zookit new DjangoProject ./shop --with Pillow --serve',
    'zookit new DjangoProject ./shop --database postgresql --param DbName=shop --param DbUsername=shop',
    'zookit new DjangoProject C:\\sites\\shop --iis "Default Web Site/shop"',
  ],
  async run(context, { options, names }) {
    const [template, folder, ...others] = names;
    if (template === undefined || folder === undefined || others.length > 0) {
      throw new AppError('USAGE', 'new: name a template and a folder', {
        hint: 'For example `zookit new DjangoProject ./shop`; templates: `zookit list --tab Zoo`',
      });
    }
    const project = resolve(folder);
    portOption(options);
    const site = iisWish(context, options, project);
    if (site && options['serve'] === true)
      throw new AppError('USAGE', 'new: IIS serves it with `--iis`, and Zookit with `--serve`', {
        hint: 'Leave one of them out',
      });
    await refuseUnusable(project);
    await asWriter(context, () => makeProject(context, template, project, { options, site }));
    if (site) return undefined;
    if (options['serve'] === true) return serveSite(context, project, options);
    // An application of somebody else's is served by whoever can.
    if (!(await exists(join(project, 'deploy.py')))) return undefined;
    const next = options['no-deploy'] === true ? 'deploy' : 'serve';
    context.terminal.say(`Next: zookit ${next} ${wayTo(project)}`);
    return undefined;
  },
};

/** A project's folder as one types it from here. */
function wayTo(project: string): string {
  const way = relative(process.cwd(), project) || '.';
  return typedWord(way.startsWith('..') ? project : way);
}

interface Asked {
  readonly options: Options;
  readonly site: IisWish | undefined;
}

async function makeProject(
  context: Context,
  template: string,
  project: string,
  { options, site }: Asked,
): Promise<void> {
  const opened = await openCatalog(context);
  const entry = templateEntry(template, newestEntry(opened, template));
  const product = findProduct(opened, template)?.id ?? template;
  const others = listOption(options, 'with').map(parseWanted);
  refuseTemplates(opened, others);
  const { said, answers, answersGiven } = await templateAnswers(context, entry, project, { options, site });
  const iis = await siteAnswers(context, opened, site, answers);
  const own = answered(opened, product, answers);
  const catalog = iis ? answered(own, iisProduct, iis) : own;

  const existedBefore = await exists(project);
  const planned = await makePlan(context, {
    catalog,
    // Before the template: deploy.py looks for all that requirements.txt lists.
    wanted: [...others, { id: template }, ...(site ? [{ id: iisProduct }] : [])],
    environment: join(project, '.venv'),
    project,
    ...(site ? { site: site.place } : {}),
  });
  const making = planned.plan.steps.some(({ installer }) => makesProject(installer));
  refuseSecond(planned.plan.steps, product, project);
  if (making) await refuseOccupied(project);
  else if (answersGiven)
    context.terminal.warn(
      `notice: '${project}' is there already and stays as it is: the answers are not used`,
    );
  const outcome = await carryOut(context, planned, {
    yes: options['yes'] === true,
    acceptEula: options['accept-eula'] === true,
    allowUnverified: options['allow-unverified'] === true,
    answers: new Map([...(iis ?? []), ...answers]),
    secretNames: new Set(entry ? secretParameters(entry) : []),
    said,
    deploy: options['no-deploy'] !== true,
    ...machineOptions(options),
    asked: { command: 'new', names: [template, project], options },
  });
  if (outcome.error && !existedBefore) await removeIfEmpty(project);
  const address = site && !outcome.error ? await siteAddress(context, site.place) : undefined;
  if (context.terminal.json)
    context.terminal.printJson({
      ...outcomeJson(outcome),
      ...(address === undefined ? {} : { url: address }),
    });
  if (outcome.error) throw outcome.error;
  if (address !== undefined)
    await showSite(context, planned.machine.platform, address, options['open'] === true);
  if (making && lacksAdministrator(answers))
    context.terminal.say(
      `No administrator is made yet: zookit python --env ${wayTo(project)} manage.py createsuperuser`,
    );
}

interface TemplateAnswers {
  readonly said: Said;
  readonly answers: ReadonlyMap<string, string>;
  /** Somebody has said something, whether it is used or not. */
  readonly answersGiven: boolean;
}

/** Answers to a template's questions; the project's name is its folder's when nobody says another. Throws USAGE. */
async function templateAnswers(
  context: Context,
  entry: Entry | undefined,
  project: string,
  { options, site }: Asked,
): Promise<TemplateAnswers> {
  const said = await saidBy(options);
  const { given } = said;
  for (const [option, parameter] of Object.entries(shortcuts)) {
    const value = textOption(options, option);
    if (value !== undefined) given.set(parameter, value);
  }
  const answersGiven = given.size > 0;
  if (site?.form !== undefined) given.set('hostform', site.form);
  const nameQuestion = entry?.parameters.find(({ name }) => name === 'ProjectName');
  const asksName = nameQuestion !== undefined;
  if (asksName && saidFor(nameQuestion, said, context) === undefined)
    given.set('projectname', projectName(basename(project)));
  const answers = entry ? await answersFor(entry, said, context) : new Map<string, string>();
  tellUnused(context, said, [entry]);
  if (asksName) checkProjectName(answers.get('ProjectName') ?? '');
  return { said, answers, answersGiven };
}

/** A template that asks for one, and half or none of the answer. */
function lacksAdministrator(answers: ReadonlyMap<string, string>): boolean {
  return answers.has('AdminUser') && (answers.get('AdminUser') === '' || !answers.get('AdminPassword'));
}

function templateEntry(template: string, entry: Entry | undefined): Entry | undefined {
  if (!entry || entry.installers.some(makesProject)) return entry;
  throw new AppError('USAGE', `'${template}' is not a template`, {
    hint: `Install it with \`zookit install ${template}\`; see templates with \`zookit list --tab Zoo\``,
  });
}

/** Whether it fills a folder that the user names. */
function makesProject(installer: Installer | undefined): boolean {
  return installer !== undefined && ['template', 'webdeploy'].includes(installer.action.kind);
}

/** An application is on a machine once, wherever it lies. */
function refuseSecond(steps: readonly Step[], product: string, project: string): void {
  const step = steps.find((each) => each.product === product);
  if (step?.place !== 'machine' || step.path === undefined || step.path === project) return;
  throw new AppError('USAGE', `'${product}' is on this machine already`, {
    details: [`It lies in '${step.path}'`],
    hint: `Take it away first with \`zookit uninstall ${product}\``,
  });
}

async function removeIfEmpty(folder: string): Promise<void> {
  if ((await readdir(folder).catch(() => ['?'])).length === 0) await rmdir(folder).catch(() => undefined);
}
