// The check of `zookit doctor` on the FastCGI program of a site: IIS starts only what is registered, and compares the site's
// scriptProcessor with that letter for letter (field note 27). Comes in: facts. Goes out: a verdict. Asks nobody.
import { typedLine } from '../../lib/quote.js';
import type { XmlElement } from '../../lib/xml.js';
import { attribute, parseXml } from '../../lib/xml.js';
import { applyHandlerRules, workerHandler } from '../../site/handlers.js';
import type { SiteConfig } from '../../site/webconfig.js';
import type { Verdict } from './check.js';
import { bad, note, ok } from './check.js';
import type { DoctorIisFacts } from './iis-facts.js';

/** A program as `<fastCgi>` registers it. */
interface Registered {
  readonly path: string;
  readonly arguments: string;
}

export function fastCgiRegistration({ iis, site, appcmd }: DoctorIisFacts): Verdict | undefined {
  const config = site?.config;
  if (!iis || iis.configuration === '' || config?.form !== 'fastcgi') return undefined;
  const processor = processorOf(config);
  const [path = '', ...rest] = processor.split('|');
  const wanted: Registered = { path, arguments: rest.join('|') };
  const all = registeredPrograms(parseXml(iis.configuration));
  if (all.some((each) => textOf(each) === processor)) return ok(processor);
  const near = all.find((each) => loose(each) === loose(wanted));
  if (near)
    return bad(
      `web.config says '${processor}', registered is '${textOf(near)}': they differ by a letter, and IIS answers 500.21`,
      `Write the registered one into scriptProcessor: '${textOf(near)}'`,
    );
  const item = `/+[fullPath='${wanted.path}',arguments='${wanted.arguments}']`;
  const words = [appcmd, 'set', 'config', '-section:system.webServer/fastCgi', item, '/commit:apphost'];
  if (wanted.path === '') return note('scriptProcessor names no program', 'Mend web.config');
  return bad(`'${processor}' is not registered`, `Register it: \`${typedLine(words, true)}\``);
}

/** Untouched: `SiteConfig.process` is trimmed. */
function processorOf(config: SiteConfig): string {
  return workerHandler(applyHandlerRules([], config.handlers, config.file))?.scriptProcessor ?? '';
}

function registeredPrograms(root: XmlElement): Registered[] {
  return root.children
    .flatMap((each) => [each, ...(each.name === 'location' ? each.children : [])])
    .filter(({ name }) => name === 'system.webServer')
    .flatMap(({ children }) => children.filter(({ name }) => name === 'fastCgi'))
    .flatMap(({ children }) => children.filter(({ name }) => name === 'application'))
    .map((each) => ({
      path: attribute(each, 'fullPath') ?? '',
      arguments: attribute(each, 'arguments') ?? '',
    }));
}

function textOf({ path, arguments: words }: Registered): string {
  return words === '' ? path : `${path}|${words}`;
}

/** What somebody meant who wrote it in another case, with other quotes or blanks. */
function loose(program: Registered): string {
  return textOf(program).toLowerCase().replace(/["\s]/g, '').replaceAll('/', '\\');
}
