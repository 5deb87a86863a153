// Comes in: elements <handlers>. Goes out: rules, and the list of handlers that is in force after them.
// Knows which modules bring a request to a worker; knows no process and no variable.
import { attribute, type XmlElement } from '../lib/xml.js';
import { invalidLine, requiredAttribute } from './configelements.js';

/** How a web.config hands requests to Python: by which module of IIS. */
export type SiteForm = 'httpplatform' | 'fastcgi' | 'zoo' | 'none';

/** A row of `<handlers>`. */
export interface Handler {
  readonly name: string;
  /** `*`, `*.php`, ... */
  readonly path: string;
  readonly modules: string;
  /** FastCGI: `program|arguments`; Helicon Zoo: the engine's name; else empty. */
  readonly scriptProcessor: string;
  /** Where it stands, 1-based. */
  readonly line: number;
}

/** One child of `<handlers>`; they work in their order. */
export type HandlerRule =
  | { readonly kind: 'clear' }
  | { readonly kind: 'remove'; readonly name: string }
  | { readonly kind: 'add'; readonly handler: Handler };

/** The rules of `<handlers>` elements, in order; SITE_INVALID for a row without its name. */
export function readHandlerRules(sections: readonly XmlElement[], file: string): readonly HandlerRule[] {
  return sections.flatMap((section) => section.children.flatMap((child) => readRule(child, file)));
}

function readRule(element: XmlElement, file: string): HandlerRule[] {
  switch (element.name) {
    case 'clear':
      return [{ kind: 'clear' }];
    case 'remove':
      return [{ kind: 'remove', name: requiredAttribute(element, 'name', file) }];
    case 'add':
      return [{ kind: 'add', handler: readHandler(element, file) }];
    default:
      throw invalidLine(file, element.line, '<add>, <remove> or <clear>', `<${element.name}>`);
  }
}

function readHandler(element: XmlElement, file: string): Handler {
  return {
    name: requiredAttribute(element, 'name', file),
    path: requiredAttribute(element, 'path', file),
    modules: attribute(element, 'modules') ?? '',
    scriptProcessor: attribute(element, 'scriptProcessor') ?? '',
    line: element.line,
  };
}

/**
 * The handlers in force in a folder: the parent folder's, then this folder's rules. Names ignore case; a name that is
 * added twice is SITE_INVALID, as IIS answers 500.19 (0x800700b7) to it.
 */
export function applyHandlerRules(
  inherited: readonly Handler[],
  rules: readonly HandlerRule[],
  file: string,
): readonly Handler[] {
  let handlers = [...inherited];
  for (const rule of rules) {
    if (rule.kind === 'clear') handlers = [];
    else if (rule.kind === 'remove') handlers = handlers.filter((each) => !sameName(each.name, rule.name));
    else {
      const { handler } = rule;
      if (handlers.some((each) => sameName(each.name, handler.name))) {
        const wanted = `<remove name="${handler.name}" /> before it, or another name`;
        throw invalidLine(file, handler.line, wanted, `a second handler '${handler.name}'`);
      }
      handlers.push(handler);
    }
  }
  return handlers;
}

/** Names of handlers, applications and variables: IIS compares them without regard to case. */
export function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** The handler that takes every request to a worker, or undefined: then IIS sends files. */
export function workerHandler(handlers: readonly Handler[]): Handler | undefined {
  return handlers.find((handler) => handler.path === '*' && formOfHandler(handler) !== 'none');
}

/** Told by the native module that the row names (several are parted by commas). */
export function formOfHandler(handler: Handler): SiteForm {
  const modules = handler.modules.toLowerCase().split(/\s*,\s*/);
  if (modules.some((name) => /^httpplatformhandler(v\d+)?$/.test(name))) return 'httpplatform';
  if (modules.includes('fastcgimodule')) return 'fastcgi';
  if (modules.some((name) => /^heliconzoo(_x86|_x64)?$/.test(name))) return 'zoo';
  return 'none';
}
