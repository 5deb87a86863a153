// Comes in: a step that makes a project, and the paths of its skeleton. Goes out: the files that the project would have, and
// the command that deploys it. Names only: what stands in the files is skeleton.ts's and site-files.ts's.
import { AppError } from '../src/errors.js';
import type { Preview, PreviewRequest } from '../src/kind.js';
import type { Values } from '../src/lib/template.js';
import { fillInPath } from '../src/lib/template.js';
import { siteFiles } from './site-files.js';
import { projectPath } from './skeleton.js';
import { pathsOf, targetPython } from './target.js';

/** What a template would do; the project is `DIR` where nobody has named a folder. */
export function previewProject(request: PreviewRequest): Preview {
  const { platform, programs, project = 'DIR', skeleton = [], values } = request;
  const paths = pathsOf(platform);
  const filled = skeleton.flatMap((path) => projectPath(path, (each) => nameOf(each, values)) ?? []);
  const files = [...new Set([...filled, ...siteFiles])].sort();
  const deploys = skeleton.length === 0 || files.includes('deploy.py');
  const script = paths.join(programs, 'hosting', 'zoodeploy.py');
  return {
    commands: deploys ? [{ command: [targetPython(request), script, '--site', project] }] : [],
    files: files.map((path) => paths.join(project, path)),
  };
}

/** A path whose placeholder nobody has answered yet stays as it is. */
function nameOf(path: string, values: Values): string {
  try {
    return fillInPath(path, values);
  } catch (error) {
    if (error instanceof AppError) return path;
    throw error;
  }
}
