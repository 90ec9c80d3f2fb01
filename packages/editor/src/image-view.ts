import type { Node } from '@tiptap/pm/model';
import { NodeSelection } from '@tiptap/pm/state';
import type { EditorView, NodeView } from '@tiptap/pm/view';
import { IMAGE_WIDTHS, imageAddress, isImageFile, readImage } from './image.ts';

/** What a picture says to people, in the reader's language. */
export interface ImageWords {
  /** Its file is gone, or one may not see it. */
  missing: string;
  /** Asks a writer for words on a picture that has none. */
  ask: string;
  /** Names the handle that makes it wider. */
  resize: string;
}

/**
 * A picture in the editor. It looks as in `toHtml`; besides it has a handle that makes it wider, and asks for words
 * where there are none. Whoever may not see the file gets a quiet placeholder.
 */
export class ImageView implements NodeView {
  readonly dom = document.createElement('figure');
  private readonly picture = document.createElement('img');
  private readonly missing = document.createElement('p');
  private readonly ask = document.createElement('button');
  private readonly handle = document.createElement('span');
  private node: Node;
  private readonly view: EditorView;
  private readonly getPos: () => number | undefined;

  constructor(
    node: Node,
    view: EditorView,
    getPos: () => number | undefined,
    { words, onAsk }: { words: ImageWords; onAsk: () => void },
  ) {
    this.node = node;
    this.view = view;
    this.getPos = getPos;
    const { dom, picture, missing, ask, handle } = this;
    dom.className = 'image';
    dom.contentEditable = 'false';
    picture.decoding = 'async';
    picture.loading = 'lazy';
    picture.draggable = false;
    picture.addEventListener('error', () => dom.classList.add('missing'));
    picture.addEventListener('load', () => dom.classList.remove('missing'));
    missing.className = 'image-missing';
    missing.textContent = words.missing;
    ask.type = 'button';
    ask.className = 'image-ask';
    ask.textContent = words.ask;
    ask.addEventListener('click', () => {
      const pos = this.getPos();
      if (pos === undefined) return;
      selectImage(view, pos);
      onAsk();
    });
    handle.className = 'image-handle';
    handle.title = words.resize;
    handle.addEventListener('pointerdown', this.grip);
    dom.append(picture, missing, ask, handle);
    this.draw();
  }

  update(node: Node): boolean {
    if (node.type !== this.node.type) return false;
    this.node = node;
    this.draw();
    return true;
  }

  selectNode(): void {
    this.dom.classList.add('ProseMirror-selectednode');
  }

  deselectNode(): void {
    this.dom.classList.remove('ProseMirror-selectednode');
  }

  stopEvent(event: Event): boolean {
    return event.target === this.ask || event.target === this.handle;
  }

  ignoreMutation(): boolean {
    return true;
  }

  private draw(): void {
    const image = readImage(this.node.attrs);
    const { dom, picture } = this;
    dom.dataset.file = image?.file ?? '';
    dom.style.width = image?.width ? `${image.width}%` : '';
    dom.classList.toggle('wordless', image?.alt === '');
    dom.classList.toggle('missing', image === null);
    picture.alt = image?.alt ?? '';
    const address = image && isImageFile(image.file) ? imageAddress(image.file) : '';
    // Set again, a picture would be asked for again.
    if (address !== '' && picture.getAttribute('src') !== address) picture.src = address;
  }

  private readonly grip = (event: PointerEvent): void => {
    const { view, dom, handle } = this;
    const room = dom.parentElement?.clientWidth ?? 0;
    if (!view.editable || event.button !== 0 || room === 0) return;
    event.preventDefault();
    const [from, start] = [dom.getBoundingClientRect().width, event.clientX];
    let width = 0;
    handle.setPointerCapture(event.pointerId);
    const drag = ({ clientX }: PointerEvent): void => {
      width = Math.round(((from + clientX - start) / room) * 100);
      width = Math.max(IMAGE_WIDTHS.least, Math.min(IMAGE_WIDTHS.most, width));
      dom.style.width = `${width}%`;
    };
    const stop = (): void => {
      handle.removeEventListener('pointermove', drag);
      const pos = this.getPos();
      if (width > 0 && pos !== undefined) setImage(view, pos, { width });
      else this.draw();
    };
    handle.addEventListener('pointermove', drag);
    handle.addEventListener('lostpointercapture', stop, { once: true });
  };
}

/** Changes a picture at a position: its words, its width. */
export function setImage(
  view: EditorView,
  pos: number,
  attrs: { alt?: string; width?: number | null },
): void {
  const node = view.state.doc.nodeAt(pos);
  if (node?.type.name !== 'image' || !view.editable) return;
  view.dispatch(view.state.tr.setNodeMarkup(pos, null, { ...node.attrs, ...attrs }));
}

function selectImage(view: EditorView, pos: number): void {
  view.focus();
  const { tr } = view.state;
  view.dispatch(tr.setSelection(NodeSelection.create(tr.doc, pos)));
}

/** The picture that is selected, with where it stands and what shows it; `null` when none is. */
export function selectedImage(view: EditorView): { pos: number; node: Node; dom: HTMLElement } | null {
  const { selection } = view.state;
  if (!(selection instanceof NodeSelection) || selection.node.type.name !== 'image') return null;
  const dom = view.nodeDOM(selection.from);
  return dom instanceof HTMLElement ? { pos: selection.from, node: selection.node, dom } : null;
}
