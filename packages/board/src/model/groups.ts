import type { Element, Find } from './element.ts';

/**
 * The groups an element is in, innermost first. Two people may nest groups into each other at the same moment; each
 * group of such a ring then counts as outermost, so that nothing is lost and nobody walks in a circle.
 */
export function groupChain(find: Find, element: Element): Element[] {
  const chain: Element[] = [element];
  for (let at: Element | undefined = element; at?.group;) {
    const above: Element | undefined = find(at.group);
    if (above?.kind !== 'group') break;
    const seen = chain.indexOf(above);
    if (seen !== -1) return chain.slice(1, seen + 1);
    chain.push(above);
    at = above;
  }
  return chain.slice(1);
}

/** The group an element is directly in, if that exists and is not in a ring with it. */
export function parentGroup(find: Find, element: Element): string | null {
  return element.group === null ? null : (groupChain(find, element)[0]?.id ?? null);
}

/** What is taken hold of when an element is clicked: its outermost group, or the one inside `inside` (an opened group). */
export function takenWith(find: Find, element: Element, inside: string | null = null): Element {
  const chain = [element, ...groupChain(find, element)];
  const opened = inside === null ? -1 : chain.findIndex((group) => group.id === inside);
  return (opened > 0 ? chain[opened - 1] : chain.at(-1))!;
}
