import { align, distribute, isLocked, tidy, type Edge, type Element } from '@engawa/board';
import type { MenuItem } from '@engawa/ui';
import {
  AlignBottomIcon,
  AlignCentreIcon,
  AlignLeftIcon,
  AlignMiddleIcon,
  AlignRightIcon,
  AlignTopIcon,
  BackIcon,
  CopyIcon,
  DuplicateIcon,
  FrontIcon,
  LockIcon,
  PasteIcon,
  PenIcon,
  PiecesIcon,
  ScissorsIcon,
  SpreadAcrossIcon,
  SpreadDownIcon,
  TidyIcon,
  TrashIcon,
  UngroupIcon,
  UnlockIcon,
} from '@engawa/ui/icons';
import { m } from '#lib/paraglide/messages.js';
import type { BoardDesk } from './board-desk.svelte.ts';
import { pasteByMenu } from './clipboard.ts';

// What one can do with a selection, as lines of menus: the bar over it, the menu on it and the phone's share them.

const ids = (desk: BoardDesk) => [...desk.now.selection];
const mod = (desk: BoardDesk, key: string) => (desk.apple ? `⌘${key}` : `Ctrl+${key}`);

export const allLocked = ({ board, chosen }: BoardDesk): boolean =>
  board !== null && chosen.length > 0 && chosen.every((element) => isLocked(board, element));

const hasGroup = (chosen: readonly Element[]) => chosen.some(({ kind }) => kind === 'group');

export function arrangeItems(desk: BoardDesk): MenuItem[] {
  const edge = (to: Edge) => () => void desk.attempt((board) => align(board, ids(desk), to));
  const spread = (along: 'x' | 'y') => () =>
    void desk.attempt((board) => distribute(board, ids(desk), along));
  const few = desk.chosen.length < 3;
  return [
    { label: m.board_arrange_left(), icon: AlignLeftIcon, onselect: edge('left') },
    { label: m.board_arrange_centre(), icon: AlignCentreIcon, onselect: edge('centre') },
    { label: m.board_arrange_right(), icon: AlignRightIcon, onselect: edge('right') },
    { label: m.board_arrange_top(), icon: AlignTopIcon, onselect: edge('top'), apart: true },
    { label: m.board_arrange_middle(), icon: AlignMiddleIcon, onselect: edge('middle') },
    { label: m.board_arrange_bottom(), icon: AlignBottomIcon, onselect: edge('bottom') },
    {
      label: m.board_arrange_across(),
      icon: SpreadAcrossIcon,
      onselect: spread('x'),
      disabled: few,
      apart: true,
    },
    { label: m.board_arrange_down(), icon: SpreadDownIcon, onselect: spread('y'), disabled: few },
    {
      label: m.board_arrange_tidy(),
      icon: TidyIcon,
      onselect: () => void desk.attempt((board) => tidy(board, ids(desk))),
      apart: true,
    },
  ];
}

export function orderItems(desk: BoardDesk): MenuItem[] {
  const stack = (how: 'front' | 'forward' | 'backward' | 'back') => () =>
    desk.do({ do: 'stack', ids: ids(desk), how });
  return [
    { label: m.board_order_front(), icon: FrontIcon, onselect: stack('front') },
    { label: m.board_order_forward(), onselect: stack('forward'), note: mod(desk, ']') },
    { label: m.board_order_backward(), onselect: stack('backward'), note: mod(desk, '[') },
    { label: m.board_order_back(), icon: BackIcon, onselect: stack('back') },
  ];
}

/** Group, ungroup, lock: as far as they apply to what is chosen. */
export function holdItems(desk: BoardDesk): MenuItem[] {
  const locked = allLocked(desk);
  const group: MenuItem = {
    label: m.board_group(),
    icon: PiecesIcon,
    note: mod(desk, 'G'),
    onselect: () => desk.do({ do: 'group', ids: ids(desk) }),
  };
  const ungroup: MenuItem = {
    label: m.board_ungroup(),
    icon: UngroupIcon,
    onselect: () => desk.do({ do: 'ungroup', ids: ids(desk) }),
  };
  const lock: MenuItem = {
    label: locked ? m.board_unlock() : m.board_lock(),
    icon: locked ? UnlockIcon : LockIcon,
    onselect: () => desk.do({ do: 'lock', ids: ids(desk), locked: !locked }),
  };
  return [
    ...(desk.chosen.length > 1 && !locked ? [group] : []),
    ...(hasGroup(desk.chosen) && !locked ? [ungroup] : []),
    lock,
  ];
}

/** The menu on the board: for what is chosen, or for the board itself. */
export function boardItems(desk: BoardDesk): MenuItem[] {
  const { chosen, now: stage } = desk;
  const paste: MenuItem = {
    label: m.board_paste(),
    icon: PasteIcon,
    note: mod(desk, 'V'),
    onselect: () => void pasteByMenu(desk),
  };
  const copy: MenuItem = {
    label: m.board_copy(),
    icon: CopyIcon,
    note: mod(desk, 'C'),
    onselect: () => byKeyboard(desk, 'copy'),
  };
  const all: MenuItem = { label: m.board_select_all(), onselect: () => desk.key('a', { command: true }) };
  const fit: MenuItem = { label: m.board_fit(), note: '1', onselect: () => desk.key('1') };
  if (chosen.length === 0) return stage.readOnly ? [all, fit] : [paste, all, { ...fit, apart: true }];
  const closer: MenuItem = { label: m.board_fit_selection(), onselect: () => desk.key('2') };
  if (stage.readOnly) return desk.mayTake ? [copy, closer] : [closer];
  return changeItems(desk, copy, paste);
}

function changeItems(desk: BoardDesk, copy: MenuItem, paste: MenuItem): MenuItem[] {
  const [only] = desk.chosen;
  const locked = allLocked(desk);
  if (locked) return [copy, ...holdItems(desk)];
  const single = desk.chosen.length === 1 && only && only.kind !== 'pen';
  return [
    ...(single
      ? [{ label: m.board_write(), icon: PenIcon, note: 'Enter', onselect: () => desk.write(only.id) }]
      : []),
    {
      label: m.board_cut(),
      icon: ScissorsIcon,
      note: mod(desk, 'X'),
      onselect: () => byKeyboard(desk, 'cut'),
      apart: Boolean(single),
    },
    copy,
    paste,
    {
      label: m.board_duplicate(),
      icon: DuplicateIcon,
      note: mod(desk, 'D'),
      onselect: () => desk.do({ do: 'duplicate', ids: ids(desk), dx: 24, dy: 24 }),
    },
    ...orderItems(desk).map((item, index) => ({ ...item, apart: index === 0 })),
    ...holdItems(desk).map((item, index) => ({ ...item, apart: index === 0 })),
    {
      label: m.board_delete(),
      icon: TrashIcon,
      danger: true,
      apart: true,
      onselect: () => desk.do({ do: 'remove', ids: ids(desk) }),
    },
  ];
}

/** The browser's own copying, which the canvas answers: the only way that reaches other programs from a menu. */
function byKeyboard(desk: BoardDesk, what: 'copy' | 'cut'): void {
  // A moment later: the menu gives the focus back first.
  setTimeout(() => {
    desk.focus();
    document.execCommand(what);
  }, 50);
}
