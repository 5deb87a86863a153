// Kind `none`: nothing to run. A product that only brings its dependencies along (WebPI's no-op installers).
import type { InstallerKind } from '../src/kind.js';

export const none: InstallerKind = {
  name: 'none',
  undoable: true,
  preview: () => ({ commands: [], files: [] }),
  apply: () => Promise.resolve({}),
};
