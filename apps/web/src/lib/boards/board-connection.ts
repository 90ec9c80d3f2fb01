import { Board, BoardView, centredOn, FONT_FAMILY, listen } from '@engawa/board';
import type { Doc } from 'yjs';
import type { DocState } from '#lib/docs/doc-state.svelte.ts';
import { ItemConnection, type ItemView } from '#lib/live/item-connection.ts';
import type { BoardDesk } from './board-desk.svelte.ts';
import { sayBoardError } from './board-errors.ts';
import { paletteNow, watchPalette } from './colours.ts';
import { openBoardLive } from './live.svelte.ts';
import { ownWords } from './own-words.ts';
import { loadPicture } from './pictures.ts';

export interface Canvases {
  host: HTMLElement;
  /** What has the focus and gets the pointer: above both canvases. */
  hands: HTMLElement;
  scene: HTMLCanvasElement;
  overlay: HTMLCanvasElement;
}

export interface BoardConnectionOptions {
  item: { id: string; generation: number; keeps: boolean };
  personId: string;
  canEdit: boolean;
  canvases: Canvases;
}

/** One open board: the connection of its item, with a view in it. */
export class BoardConnection extends ItemConnection {
  constructor(state: DocState, desk: BoardDesk, options: BoardConnectionOptions) {
    const { item, personId, canEdit, canvases } = options;
    super(state, {
      item,
      personId,
      canEdit,
      open: (doc) => openView(desk, doc, canvases, state.readOnly, item.id),
      ownText: ownWords,
    });
  }
}

/** Puts a board on its canvases and ties it to the page; with `liveId`, also to the others who are on it. */
export function openView(
  desk: BoardDesk,
  doc: Doc,
  canvases: Canvases,
  readOnly: boolean,
  liveId?: string,
): ItemView {
  const { host, hands, scene, overlay } = canvases;
  const board = new Board(doc);
  const view: BoardView = new BoardView({
    board,
    scene,
    overlay,
    palette: paletteNow(),
    family: FONT_FAMILY,
    readOnly,
    loadPicture,
    still: () => matchMedia('(prefers-reduced-motion: reduce)').matches,
    send: (bytes) => desk.live?.send(bytes),
    edit: (id) => desk.write(id),
    changed: (stage) => {
      desk.stage = stage;
      desk.live?.stageChanged(stage);
    },
    failed: sayBoardError,
  });
  if (liveId !== undefined) desk.live = openBoardLive({ itemId: liveId, view });
  const stops = [keptUp(desk, view, host), listen(hands, view), desk.show(view)];
  return {
    setReadOnly: (only) => {
      if (only) desk.writing = null;
      view.dispatch({ type: 'readOnly', readOnly: only });
    },
    letGo: () => desk.stopWriting(),
    destroy: () => {
      for (const stop of stops) stop();
      desk.live?.close();
      desk.live = null;
      desk.show(null);
      view.destroy();
      board.destroy();
    },
  };
}

/** Keeps a view as large as its place, in the page's colours and letters. Returns how to stop. */
function keptUp(desk: BoardDesk, view: BoardView, host: HTMLElement): () => void {
  const size = () => view.resize({ w: host.clientWidth, h: host.clientHeight }, devicePixelRatio);
  size();
  // Everything is seen at first; an empty board begins in its middle.
  view.dispatch({ type: 'camera', camera: centredOn({ x: 0, y: 0 }, view.stage.view, 1) });
  const whole = { type: 'key', key: '1', repeat: false, shift: false, alt: false, command: false } as const;
  if (view.board.extent()) view.dispatch(whole);
  const resizing = new ResizeObserver(size);
  resizing.observe(host);
  // Letters come in slices of the font when they are first needed: then everything is set again.
  const fonts = () => view.repaint(paletteNow());
  document.fonts.addEventListener('loadingdone', fonts);
  const unwatch = watchPalette((palette) => {
    desk.palette = palette;
    view.repaint(palette);
  });
  return () => {
    resizing.disconnect();
    unwatch();
    document.fonts.removeEventListener('loadingdone', fonts);
  };
}
