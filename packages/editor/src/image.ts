import { Node } from '@tiptap/core';
import { isId } from '@engawa/schema';

/** What is said of a picture is one line; longer things belong into the text. */
export const MAX_ALT = 300;
/** A picture's width in hundredths of the text's. */
export const IMAGE_WIDTHS = { least: 10, most: 100 } as const;

/** A picture in a document: a file of the vault, and nothing from anywhere else. */
export interface ImageAttributes {
  /** The item id of the file. */
  file: string;
  alt: string;
  /** In hundredths of the text's width; `null` as wide as the picture is, at most as the text. */
  width: number | null;
}

/** Where the bytes of a file of the vault are. Whoever asks there is asked for permission again. */
export function imageAddress(file: string): string {
  return `/files/${file}/content`;
}

/** What the file looks like: for whoever may see it and not have it. */
export function imagePreview(file: string): string {
  return `/files/${file}/preview`;
}

/** Item ids are written in lower case, so that one file has one name. */
export function isImageFile(value: unknown): value is string {
  return isId(value) && value === value.toLowerCase();
}

export function isImageWidth(value: unknown): value is number {
  const { least, most } = IMAGE_WIDTHS;
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
}

const NOT_IN_ALT = /[\p{Cc}\u2028\u2029\ufdd0-\ufdef\ufffe\uffff]/u;

export function isImageAlt(value: unknown): value is string {
  return (
    typeof value === 'string' && value.length <= MAX_ALT && value.isWellFormed() && !NOT_IN_ALT.test(value)
  );
}

/** Words from anywhere as the one line that a picture may carry. */
export function imageAlt(words: string): string {
  const line = words
    .toWellFormed()
    .replaceAll(new RegExp(NOT_IN_ALT, 'gu'), ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return line
    .slice(0, MAX_ALT)
    .toWellFormed()
    .replace(/\ufffd$/, '');
}

/** `50%` as the width of a picture; anything else is none. */
function readWidth(text: string | undefined): number | null {
  const width = Number(/^(\d{1,3})(?:%|$)/.exec(text ?? '')?.[1] ?? Number.NaN);
  return isImageWidth(width) ? width : null;
}

/**
 * The vault's file that an address names, with the width its fragment says (`#width=50`); `null` for every other
 * address. `origin` is ours: absolute addresses of it count too.
 */
export function readImageAddress(
  address: string | null,
  origin?: string,
): Pick<ImageAttributes, 'file' | 'width'> | null {
  const own = origin !== undefined && address?.startsWith(`${origin}/`) === true;
  const path = own ? address.slice(origin.length) : (address ?? '');
  const [, file, width] = /^\/files\/([0-9a-f-]{36})\/content(?:#width=(\d{1,3}))?$/.exec(path) ?? [];
  return isImageFile(file) ? { file, width: readWidth(width) } : null;
}

/** A picture's address as it stands in Markdown, with its width where one was chosen. */
export function writeImageAddress(
  { file, width }: Pick<ImageAttributes, 'file' | 'width'>,
  origin = '',
): string {
  return `${origin}${imageAddress(file)}${width === null ? '' : `#width=${width}`}`;
}

/** The attributes of a picture node as they may be shown; `null` when it names no file. */
export function readImage(attrs: Record<string, unknown> | undefined): ImageAttributes | null {
  const { file, alt, width } = attrs ?? {};
  if (!isImageFile(file)) return null;
  return { file, alt: isImageAlt(alt) ? alt : '', width: isImageWidth(width) ? width : null };
}

/**
 * A picture in a document, as a block of its own. Only files of the vault: pasted pictures of other places, `data:`
 * addresses and scripts have no way in, because the address is made of the id and never stored.
 */
export const Image = Node.create({
  name: 'image',
  group: 'block',
  atom: true,
  draggable: true,
  selectable: true,

  addAttributes() {
    return { file: { default: null }, alt: { default: '' }, width: { default: null } };
  },

  parseHTML() {
    return [
      {
        tag: 'img[src]',
        getAttrs: (element) => {
          const found = readImageAddress(element.getAttribute('src'), globalThis.location?.origin);
          if (found === null) return false;
          const width = readWidth(element.style.width) ?? found.width;
          return { file: found.file, alt: imageAlt(element.getAttribute('alt') ?? ''), width };
        },
      },
    ];
  },

  renderHTML({ node }) {
    const image = readImage(node.attrs);
    if (image === null) return ['p'];
    const style = image.width === null ? {} : { style: `width: ${image.width}%` };
    return ['img', { src: imageAddress(image.file), alt: image.alt, ...style }];
  },

  renderText: ({ node }) => readImage(node.attrs)?.alt ?? '',
});
