// Comes in: the text of a web.config. Goes out: a site of which everything else is as it should be, as doctor sees one on Windows.
import type { SiteFacts } from '../../src/commands/doctor/site-facts.js';
import { readWebConfig } from '../../src/site/webconfig.js';

/** Where it lies. */
export const soundFolder = 'C:\\sites\\shop';

/** Nothing is wrong with it but what its web.config says. */
export function soundSite(text: string): SiteFacts {
  return {
    directory: soundFolder,
    windows: true,
    config: readWebConfig(text, `${soundFolder}\\web.config`),
    allowsDoubleEscaping: true,
    hidesBin: false,
    variables: {},
    shellVariables: [],
    missing: [],
    environment: {
      directory: `${soundFolder}\\.venv`,
      there: true,
      requirements: { asked: 0, unmet: [] },
    },
    folders: [
      { name: 'data', state: 'writable' },
      { name: 'log', state: 'writable' },
    ],
    openSecrets: [],
    unserved: [],
  };
}
