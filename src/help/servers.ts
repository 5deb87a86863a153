// Texts of `zookit help` about servers: IIS and databases. Data only; at most 80 columns wide, commands as one types them.

export const iisText = `A site under IIS

In a console that was opened with "Run as administrator":

  zookit install PythonHostingPackage --accept-eula
  zookit new DjangoProject C:\\sites\\shop --iis "Default Web Site/shop"

The first brings Python, the workers, the features of IIS and the module that
starts Python. The second makes the project, a pool of its own, the
application, the rights, and opens its place for web.config. Every command is
shown before anything happens, and taken back (the project stays) by:

  zookit uninstall --iis "Default Web Site/shop"

Three forms of web.config (--host); \`zookit serve\` runs all of them anywhere:

  httpplatform   HttpPlatformHandler starts our web server for Python
  fastcgi        IIS's own FastCgiModule starts our FastCGI worker
  zoo            as Helicon Zoo had it; under IIS it needs Helicon's module

When a page does not come:

  zookit doctor C:\\sites\\shop --iis "Default Web Site/shop"

  500.19   web.config may not have a section, or has it twice
  500.21   the module that web.config names is not there
  502.3    Python does not start, or has died: see log\\ in the site's folder
  503      deploy.py is at work, or the pool has stopped
  401.3    static files may not be read by the visitor's account
  404.13   an upload is larger than web.config allows

After a change of code nothing needs a restart: the workers watch *.py.

Step by step, and more numbers: templates/iis.md in Zookit's folder.
`;

export const databasesText = `Databases

  zookit new DjangoProject ./shop --database postgresql

  sqlite       a file, data/db.sqlite3; nothing else is needed
  postgresql   psycopg
  mysql        PyMySQL; MariaDB too
  mssql        mssql-django and pyodbc; on Windows ODBC Driver 18 comes along
  oracle       oracledb; DbName is the name of the service

The driver is installed into the project. Where the database is:

  --param DbServer=db.example.com --param DbPort=5432
  --param DbName=shop --param DbUsername=shop
  ZOOKIT_PARAM_DBPASSWORD=...              in the environment, not typed

The answers go into data/site.json, which only the site's user can read. The
variables SITE_DATABASE_ENGINE, _NAME, _USER, _PASSWORD, _HOST and _PORT win
over it.

Database and user must be there already; Zookit makes the tables. When the
server cannot be reached, the project is taken back; with --no-deploy it stays,
and \`zookit deploy ./shop\` makes the tables later.

  zookit doctor ./shop         can it be reached, do migrations wait
`;
