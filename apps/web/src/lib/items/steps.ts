import { itemPath, type ItemDetail } from '@engawa/schema';

/** The way to an item, for the breadcrumb. */
export function stepsTo(item: ItemDetail): { label: string; href?: string }[] {
  return [
    { label: item.space.name, href: `/s/${item.spaceId}` },
    ...item.breadcrumb.map((step) => ({
      label: step.title,
      href: itemPath({ ...step, spaceId: item.spaceId }),
    })),
    { label: item.title },
  ];
}
