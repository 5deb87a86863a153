// Comes in: entries with every reference resolved. Goes out: the text of a feed that reads as the same entries, in WebPI's
// format with our additions. The inverse of the feed's reader; cuts nothing and resolves no address.
import type { XmlNode } from '../lib/xml-text.js';
import { documentText, node, textNode } from '../lib/xml-text.js';
import type { Entry, Incompatibility, Parameter, Tab } from '../types.js';
import { addressText, installerNode } from './feed-installers.js';
import { dependencyNode, hintNode, optional } from './feed-trees.js';

/** What a feed says once for all its entries. */
export interface FeedHead {
  readonly title: string;
  readonly defaultLanguage?: string;
  readonly keywords: ReadonlyMap<string, string>;
  readonly tabs: readonly Tab[];
}

/** A feed as text; no time is in it, so that the same entries give the same bytes. */
export function feedText(head: FeedHead, entries: readonly Entry[]): string {
  const attributes = { xmlns: 'http://www.w3.org/2005/Atom', 'xmlns:zk': 'urn:zookit:feed:1' };
  return documentText(
    node('feed', attributes, [
      textNode('version', '1.0'),
      textNode('title', head.title),
      ...languageNodes(head.defaultLanguage),
      ...list(
        'keywords',
        [...head.keywords].map(([id, caption]) => textNode('keyword', caption, { id })),
      ),
      ...list('tabs', head.tabs.map(tabNode)),
      ...entries.map(entryNode),
    ]),
  );
}

function languageNodes(language: string | undefined): XmlNode[] {
  if (language === undefined) return [];
  const named = node('language', { default: 'true' }, [textNode('languageId', language)]);
  return [node('languages', {}, [named])];
}

function tabNode({ id, name, description, keywordIds }: Tab): XmlNode {
  const words = [
    textNode('id', id),
    textNode('name', name),
    ...optional('description', description),
    ...list(
      'keywords',
      keywordIds.map((each) => textNode('keywordId', each)),
    ),
  ];
  return node('tab', {}, [node('keywordTab', {}, words)]);
}

/** An `entry` element. */
export function entryNode(entry: Entry): XmlNode {
  return node('entry', {}, [
    textNode('productId', entry.productId),
    ...descriptionNodes(entry),
    ...list(
      'keywords',
      entry.keywords.map((each) => textNode('keywordId', each)),
    ),
    ...entry.aliases.map((alias) => textNode('zk:alias', alias)),
    ...(entry.recommended ? [node('zk:recommended')] : []),
    ...(entry.environment ? [node('zk:environment')] : []),
    ...optional('zk:license', entry.license),
    ...entry.flags.map((flag) => node(flag)),
    ...entry.parameters.map(parameterNode),
    ...(entry.dependency ? [dependencyNode(entry.dependency)] : []),
    ...list(
      'related',
      entry.related.map((id) => node('relatedProduct', {}, [textNode('productId', id)])),
    ),
    ...list(
      'updates',
      entry.updates.map((id) => textNode('productId', id)),
    ),
    ...list('incompatibilities', entry.incompatibilities.map(incompatibilityNode)),
    ...(entry.hint ? [hintNode(entry.hint)] : []),
    ...list('installers', entry.installers.map(installerNode)),
  ]);
}

function descriptionNodes(entry: Entry): XmlNode[] {
  const { title, version, summary, longSummary, published, family, author, link, icon, terms } = entry;
  return [
    textNode('title', title),
    ...optional('version', version),
    ...optional('summary', summary),
    ...optional('longSummary', longSummary),
    ...optional('published', published),
    ...optional('productFamily', family),
    ...list('author', optional('name', author)),
    ...(link === undefined ? [] : [node('link', { href: addressText(link) })]),
    ...list('images', optional('icon', icon && addressText(icon))),
    ...list('terms', optional('termsText', terms)),
  ];
}

function parameterNode(parameter: Parameter): XmlNode {
  const { name, type, title, tags, choices, when } = parameter;
  const attributes = {
    name,
    type,
    title,
    default: parameter.default,
    tags: tags.length === 0 ? undefined : tags.join(','),
    when: when && `${when.parameter}=${when.values.join('|')}`,
  };
  return node(
    'zk:parameter',
    attributes,
    choices.map(({ value, title: words, product, range }) =>
      node('zk:choice', { value, title: words, product, range }),
    ),
  );
}

function incompatibilityNode(rule: Incompatibility): XmlNode {
  const message = optional('errorMessage', rule.message);
  return rule.kind === 'product'
    ? node('incompatibleProduct', {}, [textNode('productId', rule.id), ...message])
    : node('incompatibleProcess', {}, [textNode('processName', rule.name), ...message]);
}

function list(name: string, children: readonly XmlNode[]): XmlNode[] {
  return children.length === 0 ? [] : [node(name, {}, children)];
}
