// Every command by its word: one line of summary here, so that help needs to load none of them.
import type { Command } from '../command.js';

export interface CommandEntry {
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

export const commands: Readonly<Record<string, CommandEntry>> = {
  wizard: {
    summary: 'choose, watch, open: page by page',
    load: async () => (await import('./wizard.js')).wizard,
  },
  list: { summary: 'the products of all feeds', load: async () => (await import('./list.js')).listProducts },
  show: { summary: 'everything about one product', load: async () => (await import('./show.js')).show },
  plan: { summary: 'what install would do, and why', load: async () => (await import('./plan.js')).plan },
  why: { summary: 'who asked for a product', load: async () => (await import('./why.js')).why },
  install: {
    summary: 'install products and what they need',
    load: async () => (await import('./resume.js')).installOrResume,
  },
  uninstall: {
    summary: 'take products away again',
    load: async () => (await import('./uninstall.js')).uninstallProducts,
  },
  upgrade: {
    summary: 'newer versions of what is installed',
    load: async () => (await import('./upgrade.js')).upgrade,
  },
  verify: {
    summary: 'look at every installed file; repair',
    load: async () => (await import('./verify.js')).verify,
  },
  new: { summary: 'make a project from a template', load: async () => (await import('./new.js')).newProject },
  deploy: { summary: 'bring a site up to date', load: async () => (await import('./deploy.js')).deploy },
  serve: { summary: 'run a site from its web.config', load: async () => (await import('./serve.js')).serve },
  python: { summary: "run an environment's Python", load: async () => (await import('./python.js')).python },
  probe: { summary: 'what this machine has, as JSON', load: async () => (await import('./probe.js')).probe },
  doctor: {
    summary: 'look for what is wrong, here and in a site',
    load: async () => (await import('./doctor.js')).doctor,
  },
  feed: { summary: 'add, list, check and pin feeds', load: async () => (await import('./feed.js')).feed },
  completion: {
    summary: 'complete these words in your shell',
    load: async () => (await import('./completion.js')).completion,
  },
  bundle: {
    summary: 'make and check offline bundles',
    load: async () => (await import('./bundle.js')).bundle,
  },
  cache: { summary: 'list, check and clean downloads', load: async () => (await import('./cache.js')).cache },
};
