import type { Element } from '../model/element.ts';

/** Where the text of an element stands: what a field for typing needs to lie exactly over what is drawn. */
export interface TextPlace {
  /** Board units between the edge of the element and its text. */
  padding: number;
  /** Size of the letters in board units; 0 makes them fit. */
  size: number;
  align: 'left' | 'center' | 'right';
  /** Whether the text is set in the middle of the height. */
  centred: boolean;
  /** Room for the text in board units. */
  room: { w: number; h: number };
}

const PADDING = 14;

/** Space inside the edge: in slanted shapes the text has the part that is wide enough for it. */
function paddingOf({ kind, w, h }: Element): number {
  if (kind === 'text') return 0;
  if (kind === 'hexagon') return w * 0.16;
  if (kind === 'ellipse') return Math.min(w, h) * 0.15;
  return kind === 'diamond' || kind === 'triangle' ? Math.min(w, h) * 0.22 : PADDING;
}

export function textPlace(element: Element): TextPlace {
  const { kind, style, w, h } = element;
  const padding = paddingOf(element);
  return {
    padding,
    size: style.size ?? (kind === 'text' ? 20 : kind === 'note' ? 0 : 18),
    align: style.align ?? (kind === 'text' ? 'left' : 'center'),
    centred: kind !== 'text',
    room: {
      w: Math.max(8, w - 2 * padding),
      // Free text goes on below its box.
      h: kind === 'text' ? 1e6 : Math.max(8, h - 2 * padding),
    },
  };
}
