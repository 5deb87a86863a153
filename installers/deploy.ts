// Comes in: a fresh project. Goes out: the same, deployed once: private files, database, static files. Runs the worker's
// own deploy code, the same that a web server and `zookit deploy` run. Secrets travel in the environment only.
import { join } from 'node:path';
import { AppError } from '../src/errors.js';
import type { Job } from '../src/kind.js';
import { exists } from '../src/lib/files.js';
import type { RunResult } from '../src/lib/run.js';
import { lastLines } from '../src/lib/run.js';

/** Parameters that deploy.py takes by the names that Django's createsuperuser gave them. */
const environmentNames: Readonly<Record<string, string>> = {
  AdminUser: 'DJANGO_SUPERUSER_USERNAME',
  AdminPassword: 'DJANGO_SUPERUSER_PASSWORD',
  AdminEmail: 'DJANGO_SUPERUSER_EMAIL',
};

/** Deploys a project that a template has just made; throws INSTALLER_FAILED with deploy.py's own words. */
export async function deployProject(job: Job, project: string): Promise<void> {
  const script = join(job.programs, 'hosting', 'zoodeploy.py');
  const python = job.interpreter?.path;
  if (python === undefined || !(await exists(join(project, 'deploy.py')))) return;
  job.progress('Running deploy.py');
  // Where Python keeps the compiled scripts of the folder: undone, a project leaves no trace.
  await job.change({ kind: 'created', path: join(project, '__pycache__') });
  const args = (await exists(script)) ? [script, '--site', project] : [join(project, 'deploy.py')];
  const result = await job.run(python, args, {
    cwd: project,
    env: { PYTHONUTF8: '1', PYTHONUNBUFFERED: '1', ...secretVariables(job) },
    onLine: job.progress,
    ...(job.signal ? { signal: job.signal } : {}),
  });
  if (result.status === 0) return;
  throw new AppError('INSTALLER_FAILED', `Cannot set up the project '${project}': its deploy.py failed`, {
    details: reasonOf(result),
    hint: 'Mend what it says (often the database) and run the same command again; `--no-deploy` leaves the database for later',
  });
}

/** deploy.py's own reason; what frames it names a log that goes away with the project. */
function reasonOf(result: RunResult): string[] {
  const lines = result.stdout.split(/\r?\n/);
  const first = lines.findIndex((line) => line.startsWith('Deploy failed: '));
  if (first < 0) return lastLines(result, 5);
  return lines.slice(first).filter((line) => line !== '' && !line.startsWith('The deploy script ended'));
}

function secretVariables(job: Job): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const [name, variable] of Object.entries(environmentNames)) {
    const value = job.secrets.get(name) ?? job.values.get(name);
    if (value !== undefined && value !== '') variables[variable] = value;
  }
  return variables;
}
