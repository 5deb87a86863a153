// Comes in: the root of a feed. Goes out: its tabs, each with the keywords that it shows. The file that knows WebPI's
// tabs: `keywordTab` of version 4 and later, `groupTab` and `pillarTab` over groupings of versions 2 and 3.
import type { XmlElement } from '../lib/xml.js';
import type { Tab } from '../types.js';
import { captionOf, child, children, textAt, textOf, warn } from './element.js';
import type { Reading } from './element.js';

/** Tabs in document order; one without an id is left out with a warning. */
export function readTabs(reading: Reading, root: XmlElement): Tab[] {
  const groupings = readGroupings(reading, root);
  const tabs = children(root, 'tabs').flatMap((list) => children(list, 'tab'));
  return tabs.flatMap((tab) => {
    // The kind of a tab is the one element inside it; some lists write the fields into the tab itself.
    const kinds = ['keywordtab', 'grouptab', 'pillartab'];
    const element = tab.children.find((each) => kinds.includes(each.name.toLowerCase())) ?? tab;
    return readTab(reading, element, groupings) ?? [];
  });
}

function readTab(
  reading: Reading,
  element: XmlElement,
  groupings: ReadonlyMap<string, readonly string[]>,
): Tab | undefined {
  const id = textAt(reading, element, 'id');
  if (!id) {
    warn(reading, element, 'tab without an id is left out');
    return undefined;
  }
  const keywords = children(element, 'keywords').flatMap((list) => children(list, 'keywordid'));
  const grouped = [element, ...children(element, 'pillar')].flatMap((each) => {
    const grouping = textAt(reading, each, 'groupingid')?.toLowerCase();
    return (grouping && groupings.get(grouping)) || [];
  });
  return {
    id,
    name: captionOf(reading, child(element, 'name')) || id,
    description: captionOf(reading, child(element, 'description')),
    keywordIds: [...textsOf(reading, keywords), ...grouped],
  };
}

/** Groupings over keywords, by lower-case id; those over other elements of an entry have no tab in our lists. */
function readGroupings(reading: Reading, root: XmlElement): Map<string, readonly string[]> {
  const elements = children(root, 'groupings').flatMap((list) => children(list, 'grouping'));
  const pairs = elements.flatMap((element): [string, readonly string[]][] => {
    const id = textAt(reading, element, 'id')?.toLowerCase();
    const overKeywords = /^keyword/i.test(textAt(reading, element, 'attribute') ?? '');
    const items = children(element, 'include').flatMap((include) => children(include, 'item'));
    return id && overKeywords ? [[id, textsOf(reading, items)]] : [];
  });
  return new Map(pairs);
}

function textsOf(reading: Reading, elements: readonly XmlElement[]): string[] {
  return elements.map((each) => textOf(reading, each)).filter((text) => text !== '');
}
