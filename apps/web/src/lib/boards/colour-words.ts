import type { Colour, Element } from '@engawa/board';
import { m } from '#lib/paraglide/messages.js';

const WORDS: Record<Colour, () => string> = {
  none: m.board_colour_none,
  ink: m.board_colour_ink,
  white: m.board_colour_white,
  gray: m.board_colour_gray,
  yellow: m.board_colour_yellow,
  orange: m.board_colour_orange,
  red: m.board_colour_red,
  pink: m.board_colour_pink,
  purple: m.board_colour_purple,
  blue: m.board_colour_blue,
  teal: m.board_colour_teal,
  green: m.board_colour_green,
};

export const colourWord = (colour: Colour): string => WORDS[colour]();

/** Which of an element's colours is the one people mean: its surface, or its line where it has none. */
export const paintOf = ({ kind }: Element): 'fill' | 'line' | null => {
  if (kind === 'frame' || kind === 'group' || kind === 'image') return null;
  return kind === 'text' || kind === 'pen' || kind === 'connector' ? 'line' : 'fill';
};

/** The colour of an element, by its name; null where it has none of its own. */
export function colourOf(element: Element): Colour | null {
  const paint = paintOf(element);
  if (paint === null) return null;
  return element.style[paint] ?? (paint === 'line' ? 'ink' : element.kind === 'note' ? 'yellow' : 'none');
}
