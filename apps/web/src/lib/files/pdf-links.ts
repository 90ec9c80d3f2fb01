import type { PDFPageProxy } from './pdf-document.ts';

type Viewport = ReturnType<PDFPageProxy['getViewport']>;

interface Annotation {
  subtype?: string;
  url?: string;
  rect?: number[];
}

/** Links of a page that lead to web pages, each with its place. Everything else that a PDF can do is left out. */
export async function linksOf(
  page: PDFPageProxy,
  viewport: Viewport,
): Promise<{ href: string; style: string }[]> {
  const annotations = (await page.getAnnotations()) as Annotation[];
  return annotations.flatMap(({ subtype, url, rect }) => {
    if (subtype !== 'Link' || rect?.length !== 4 || !/^(https?:\/\/|mailto:)/i.test(url ?? '')) return [];
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = [
      ...viewport.convertToViewportPoint(rect[0]!, rect[1]!),
      ...viewport.convertToViewportPoint(rect[2]!, rect[3]!),
    ] as number[];
    const part = (of: number, whole: number) => `${((of / whole) * 100).toFixed(3)}%`;
    const { width, height } = viewport;
    const style =
      `left: ${part(Math.min(x1, x2), width)}; top: ${part(Math.min(y1, y2), height)}; ` +
      `width: ${part(Math.abs(x2 - x1), width)}; height: ${part(Math.abs(y2 - y1), height)}`;
    return [{ href: url!, style }];
  });
}
