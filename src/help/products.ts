// Texts of `zookit help` about products: where they come from, what they ask, how they reach a server without internet.
// Data only; at most 80 columns wide, commands as one types them.

export const feedsText = `Feeds

A feed is a list of products: an XML file in the format of the Web Platform
Installer. Feeds that were made for WebPI load as they are.

The built-in feed comes with Zookit. More feeds are added for good, or named
for one command:

  zookit feed list
  zookit feed add https://feeds.example.com/zookit.xml
  zookit list --feed ./my-feed.xml
  zookit list --main-feed ./my-feed.xml    instead of the built-in one

A product belongs to the first feed that declares it: the built-in one, then
added ones, then those of --feed. A later feed cannot slip a version under
somebody else's product, unless you allow it for that id:

  zookit feed add https://feeds.example.com/zookit.xml --may-extend Pillow

A feed that cannot be reached is taken from the copy of the last time, and
that is told. What is odd about a feed is told by:

  zookit feed check ./my-feed.xml
  zookit list --verbose

Every file of a feed is checked by its hash before anything is done with it.
A file without a hash is refused unless you say --allow-unverified.

How to write one: feed/README.md in Zookit's folder.
`;

export const parametersText = `Parameters

Some products ask questions: a project its name and database, a package of
WebPI what its author wants to know. See them with \`zookit show PRODUCT\`.

An answer is taken from the first of these that has it:

  --param DbName=shop                 on the command line
  ZOOKIT_PARAM_DBNAME=shop            in the environment
  --answers FILE                      lines \`DbName[@]shop\`, as WebPI had them
  the terminal                        asked, unless --yes is given
  the feed                            its default

Names are the same in any case. Instead of a name a tag of WebPI may stand:
DbServer, DbName, DbUsername, DbPassword, AppPath.

Secrets: a command line can be read by other users of the machine, and shells
remember it. Give passwords in the environment, or let yourself be asked.
They enter no log, no journal and no command line of another program.

  zookit new DjangoProject ./shop --database postgresql --param DbName=shop
`;

export const bundlesText = `Bundles

A bundle is everything that a server without internet needs: products with all
they depend on, by hash, and Zookit itself with its runtime. On Windows such a
server needs neither Node nor Python nor a network.

On a machine with internet:

  zookit bundle export DjangoProject --platform windows-x64 --out ./shop-bundle

For exactly the server that is meant, let it say what it has first:

  zookit probe server.json                 there
  zookit bundle export DjangoProject --for server.json --out ./shop-bundle

Carry the folder over, compare the digest that export has printed, then:

  install.cmd    or    sh install.sh

Or with a Zookit that is there already:

  zookit bundle verify ./shop-bundle
  zookit bundle list ./shop-bundle
  zookit new DjangoProject ./shop --bundle ./shop-bundle

Nothing of a bundle runs before its list of hashes fits every file, both ways:
nothing is missing, nothing was added.

Step by step: templates/offline.md in Zookit's folder.
`;

export const offlineText = `Offline

With --offline no command uses the network. Feeds come from the copies of the
last time, files from the cache, and what is in neither is an OFFLINE_MISS that
names it.

  zookit plan DjangoProject --offline
  zookit install Django --offline
  zookit cache list

To fill the cache, install the same products once on that machine while it is
online. For a machine that never is, make a bundle: \`zookit help bundles\`.

Packages of Python are kept too, each with its hash: a project that was made
once can be made again without a network.
`;
