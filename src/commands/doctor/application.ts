// Asks a site's own Python, in the site's own variables, whether its application can be imported and its database reached.
// Comes in: an interpreter, a folder, variables. Goes out: facts. Runs what a worker would run at its start and no more;
// the script makes no file: SQLite would make a missing database, so that is looked for first.
import type { Run } from '../../lib/run.js';

export interface ApplicationFacts {
  /** Why it does not start. */
  readonly trouble?: string;
  /** Django's version; absent for any other application. */
  readonly django?: string;
  readonly database?: {
    /** `the sqlite3 database 'db.sqlite3'`; no password. */
    readonly label: string;
    readonly trouble?: string;
    /** How many migrations wait. */
    readonly waiting: number;
  };
  /** Django's DEBUG is on. */
  readonly debug?: boolean;
  /** Errors of Django's system checks; with `deep` warnings of its deployment checks too. */
  readonly complaints: readonly string[];
  readonly staticRoot?: { readonly path: string; readonly files: number };
}

const mark = 'zookit-doctor:';

/** Runs inside the site's interpreter. */
const script = `
import importlib, json, os, sys
sys.path.insert(0, os.getcwd())
answer = {"complaints": []}

def short(error, password=""):
    text = " ".join((str(error) or type(error).__name__).split())
    text = text.replace(password, "***") if password else text
    return text if len(text) <= 300 else text[:297] + "..."

def count(folder):
    return sum(len([name for name in files if name != "web.config"]) for _, _, files in os.walk(folder))

def look_at_database():
    from django.db import connections
    connection = connections["default"]
    settings = connection.settings_dict
    engine = str(settings.get("ENGINE", "")).rpartition(".")[2]
    host = settings.get("HOST")
    name = str(settings.get("NAME", ""))
    place = " on '%s'" % host if host else ""
    found = {"label": "the %s database '%s'%s" % (engine, name, place), "waiting": 0}
    answer["database"] = found
    try:
        if connection.vendor == "sqlite" and name not in ("", ":memory:") and not os.path.exists(name):
            raise OSError("there is no such file")
        connection.ensure_connection()
        from django.db.migrations.executor import MigrationExecutor
        executor = MigrationExecutor(connection)
        found["waiting"] = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except Exception as error:
        found["trouble"] = short(error, str(settings.get("PASSWORD") or ""))

def look_at_django(deep):
    import django
    answer["django"] = django.get_version()
    django.setup()
    from django.conf import settings
    from django.core import checks
    level = checks.WARNING if deep else checks.ERROR
    messages = checks.run_checks(include_deployment_checks=deep)
    answer["complaints"] = [short(each.msg) for each in messages if each.level >= level]
    answer["debug"] = bool(settings.DEBUG)
    root = getattr(settings, "STATIC_ROOT", None)
    if root:
        answer["staticRoot"] = {"path": str(root), "files": count(str(root))}
    if not deep and settings.DATABASES:
        look_at_database()

try:
    if os.environ.get("DJANGO_SETTINGS_MODULE"):
        look_at_django("deep" in sys.argv)
    else:
        module, _, name = os.environ.get("WSGI_APP", "wsgi.application").rpartition(".")
        getattr(importlib.import_module(module), name)
except BaseException as error:
    answer["trouble"] = "%s: %s" % (type(error).__name__, short(error))
print("\\n${mark}" + json.dumps(answer))
`;

export interface ApplicationRequest {
  readonly python: string;
  readonly directory: string;
  readonly variables: Readonly<Record<string, string>>;
  /** Django's deployment checks, with everything switched on that needs HTTPS. */
  readonly deep: boolean;
  readonly run: Run;
  readonly signal: AbortSignal;
}

/** Seconds that a database has to answer. */
const patience = 20;

/** Asks; a site that does not answer is told as one that does not start. */
export async function applicationFacts(request: ApplicationRequest): Promise<ApplicationFacts> {
  const { python, directory, variables, deep, run, signal } = request;
  const limit = AbortSignal.timeout(patience * 1000);
  try {
    const { stdout, stderr, status } = await run(python, ['-c', script, ...(deep ? ['deep'] : [])], {
      cwd: directory,
      env: {
        ...variables,
        PYTHONDONTWRITEBYTECODE: '1',
        PYTHONUTF8: '1',
        ...(deep ? { SITE_HTTPS: '1' } : {}),
      },
      signal: AbortSignal.any([signal, limit]),
    });
    const line = stdout.split(/\r?\n/).findLast((each) => each.startsWith(mark));
    if (line !== undefined) return JSON.parse(line.slice(mark.length)) as ApplicationFacts;
    const last = stderr.trim().split(/\r?\n/).at(-1) ?? '';
    return { complaints: [], trouble: last || `its Python ended with ${status}` };
  } catch (error) {
    if (!limit.aborted) throw error;
    return { complaints: [], trouble: `no answer within ${patience} seconds` };
  }
}
