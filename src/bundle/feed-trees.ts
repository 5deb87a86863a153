// Comes in: the trees of an entry: what it needs, how it is found. Goes out: their elements as a feed has them, so that
// reading them gives the same trees. The inverse of the readers of dependencies and hints; decides nothing.
import type { XmlNode } from '../lib/xml-text.js';
import { node, textNode } from '../lib/xml-text.js';
import type { Dependency, DiscoveryHint } from '../types.js';

/** A `dependency` element. */
export function dependencyNode(dependency: Dependency): XmlNode {
  const { os } = dependency;
  if (dependency.kind === 'shared') return node('dependency', { idref: dependency.id, 'zk:os': os });
  return node('dependency', { 'zk:os': os }, [innerNode(dependency)]);
}

function innerNode(dependency: Exclude<Dependency, { kind: 'shared' }>): XmlNode {
  if (dependency.kind === 'product')
    return textNode('productId', dependency.id, { 'zk:range': dependency.range });
  const [only, ...more] = dependency.of;
  if (only && more.length === 0) return dependencyNode(only);
  return node(dependency.kind === 'all' ? 'and' : 'or', {}, dependency.of.map(dependencyNode));
}

/** A `discoveryHint` element. */
export function hintNode(hint: DiscoveryHint): XmlNode {
  if (hint.kind === 'shared') return node('discoveryHint', { idref: hint.id });
  return node('discoveryHint', {}, [probeNode(hint)]);
}

function probeNode(hint: DiscoveryHint): XmlNode {
  switch (hint.kind) {
    case 'all':
    case 'any': {
      const [first, ...more] = hint.of;
      // An empty hint is never found, which is what an empty `or` means.
      if (!first) return node('discoveryHint');
      return more.length === 0
        ? probeNode(first)
        : node(hint.kind === 'all' ? 'and' : 'or', {}, hint.of.map(probeNode));
    }
    case 'not':
      return node('not', {}, [probeNode(hint.of)]);
    case 'shared':
      return hintNode(hint);
    case 'registry':
      return registryNode(hint);
    case 'file':
      return node('file', {}, [
        textNode('filePath', hint.path),
        ...optional('minimumVersion', hint.minimumVersion),
        ...optional('maximumVersion', hint.maximumVersion),
      ]);
    case 'msiProduct':
      return textNode('msiProductCode', hint.code);
    case 'msiPatch':
      return textNode('msiPatchCode', hint.code);
    default:
      return additionNode(hint);
  }
}

function registryNode(hint: Extract<DiscoveryHint, { kind: 'registry' }>): XmlNode {
  return node('registry', {}, [
    textNode('keyPath', hint.keyPath),
    ...hint.values.flatMap(({ name, text }) => [
      textNode('valueName', name ?? ''),
      ...(text === undefined ? [] : [textNode('valueValue', text)]),
    ]),
    ...optional('minimumVersion', hint.minimumVersion),
    ...optional('maximumVersion', hint.maximumVersion),
  ]);
}

function additionNode(
  hint: Extract<DiscoveryHint, { kind: 'python' | 'pythonPackage' | 'command' }>,
): XmlNode {
  if (hint.kind === 'python') return node('zk:python', { range: hint.range });
  if (hint.kind === 'pythonPackage') return node('zk:pythonPackage', { name: hint.name });
  const words = hint.arguments.length === 0 ? undefined : hint.arguments.join(' ');
  return node('zk:command', { program: hint.program, arguments: words, match: hint.match });
}

/** An element with text when there is a text. */
export function optional(name: string, text: string | undefined): XmlNode[] {
  return text === undefined || text === '' ? [] : [textNode(name, text)];
}
