// The topics of `zookit help TOPIC`: what goes beyond one command. One line of each here, so that the list of them loads no
// text. Knows no command.

export interface Topic {
  readonly summary: string;
  readonly load: () => Promise<string>;
}

export const topics: Readonly<Record<string, Topic>> = {
  feeds: {
    summary: 'where products come from, and your own feed',
    load: async () => (await import('./help/products.js')).feedsText,
  },
  parameters: {
    summary: "answers to a product's questions, and secrets",
    load: async () => (await import('./help/products.js')).parametersText,
  },
  bundles: {
    summary: 'everything for a server without internet',
    load: async () => (await import('./help/products.js')).bundlesText,
  },
  offline: {
    summary: 'working without a network',
    load: async () => (await import('./help/products.js')).offlineText,
  },
  iis: {
    summary: 'a site under IIS, step by step',
    load: async () => (await import('./help/servers.js')).iisText,
  },
  databases: {
    summary: 'databases of a Django site',
    load: async () => (await import('./help/servers.js')).databasesText,
  },
  environment: {
    summary: 'variables, proxies, certificates',
    load: async () => (await import('./help/running.js')).environmentText,
  },
  'exit-codes': {
    summary: 'exit statuses and codes of errors',
    load: async () => (await import('./help/running.js')).exitCodesText(),
  },
  webpi: {
    summary: "WebPICMD's words, which work too",
    load: async () => (await import('./webpi-words.js')).webpiHelp(),
  },
};
