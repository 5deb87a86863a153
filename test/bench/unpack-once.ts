// `unpack-once ARCHIVE FOLDER`: unpacks as an installation does.
import { unpack } from '../../src/lib/archive.js';

const [archive = '', folder = ''] = process.argv.slice(2);
await unpack(archive, folder);
