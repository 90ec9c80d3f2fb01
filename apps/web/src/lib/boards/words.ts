import type { Element } from '@engawa/board';
import { m } from '#lib/paraglide/messages.js';
import type { BoardDesk } from './board-desk.svelte.ts';

const KINDS: Record<Element['kind'], () => string> = {
  note: m.board_kind_note,
  text: m.board_kind_text,
  rect: m.board_kind_rect,
  ellipse: m.board_kind_ellipse,
  diamond: m.board_kind_diamond,
  triangle: m.board_kind_triangle,
  hexagon: m.board_kind_hexagon,
  pen: m.board_kind_pen,
  connector: m.board_kind_connector,
  image: m.board_kind_image,
  frame: m.board_kind_frame,
  group: m.board_kind_group,
};

export const kindWord = (kind: Element['kind']): string => KINDS[kind]();

/** An element in a few words: 付せん「集合場所」. */
export function nameOf({ kind, text }: Element): string {
  const line = text.trim().replaceAll(/\s+/g, ' ');
  const short = line.length > 40 ? `${line.slice(0, 39).toWellFormed()}…` : line;
  return short === '' ? kindWord(kind) : m.board_named({ kind: kindWord(kind), text: short });
}

/** What a screen reader says when the selection changes. */
export function selectionWords({ chosen }: BoardDesk): string {
  const [only] = chosen;
  if (only === undefined) return '';
  if (chosen.length > 1) return m.board_selected_many({ count: chosen.length });
  const what = nameOf(only);
  return only.locked ? m.board_selected_locked({ what }) : m.board_selected({ what });
}
