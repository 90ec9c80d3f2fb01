import type { Style } from '@engawa/board';
import type { MenuItem } from '@engawa/ui';
import { CheckIcon, TextCentreIcon, TextEndIcon, TextStartIcon } from '@engawa/ui/icons';
import { m } from '#lib/paraglide/messages.js';
import type { BoardDesk } from './board-desk.svelte.ts';

// How things look, as lines of menus; what is so now has a tick.

function choice(desk: BoardDesk, now: boolean, label: string, style: Style): MenuItem {
  return { label, onselect: () => desk.style(style), ...(now ? { icon: CheckIcon, note: '✓' } : {}) };
}

const plain = ({ icon: _, ...item }: MenuItem): MenuItem => item;

export function lineItems(desk: BoardDesk, { width, dash = 'solid' }: Style): MenuItem[] {
  const widths = [
    [2, m.board_line_thin()],
    [4, m.board_line_medium()],
    [8, m.board_line_thick()],
  ] as const;
  const dashes = [
    ['solid', m.board_line_solid()],
    ['dashed', m.board_line_dashed()],
    ['dotted', m.board_line_dotted()],
  ] as const;
  return [
    ...widths.map(([to, label]) => choice(desk, width === to, label, { width: to })),
    ...dashes.map(([to, label], index) => ({
      ...choice(desk, dash === to, label, { dash: to }),
      apart: index === 0,
    })),
  ].map(plain);
}

const SIZES = [12, 16, 20, 24, 32, 48, 64];

export function letterItems(desk: BoardDesk, { size, align }: Style, fits: boolean): MenuItem[] {
  const aligns = [
    ['left', m.board_align_left(), TextStartIcon],
    ['center', m.board_align_centre(), TextCentreIcon],
    ['right', m.board_align_right(), TextEndIcon],
  ] as const;
  return [
    ...(fits ? [choice(desk, (size ?? 0) === 0, m.board_letters_fit(), { size: 0 })] : []),
    ...SIZES.map((to) => choice(desk, size === to, String(to), { size: to })),
  ]
    .map(plain)
    .concat(
      aligns.map(([to, label, icon], index) => ({
        ...choice(desk, align === to, label, { align: to }),
        icon,
        apart: index === 0,
      })),
    );
}

export function routeItems(desk: BoardDesk, { route = 'straight', heads = 'end' }: Style): MenuItem[] {
  const routes = [
    ['straight', m.board_route_straight()],
    ['curve', m.board_route_curve()],
    ['elbow', m.board_route_elbow()],
  ] as const;
  const ends = [
    ['none', m.board_heads_none()],
    ['end', m.board_heads_end()],
    ['start', m.board_heads_start()],
    ['both', m.board_heads_both()],
  ] as const;
  return [
    ...routes.map(([to, label]) => choice(desk, route === to, label, { route: to })),
    ...ends.map(([to, label], index) => ({
      ...choice(desk, heads === to, `${m.board_heads()}：${label}`, { heads: to }),
      apart: index === 0,
    })),
  ].map(plain);
}
