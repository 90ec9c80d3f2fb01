import type { Editor } from '@engawa/editor/browser';
import {
  BoldIcon,
  BulletListIcon,
  CodeBlockIcon,
  CodeIcon,
  Heading1Icon,
  Heading2Icon,
  Heading3Icon,
  Heading4Icon,
  ImageIcon,
  ItalicIcon,
  OrderedListIcon,
  ParagraphIcon,
  QuoteIcon,
  RuleIcon,
  StrikeIcon,
  TaskListIcon,
} from '@engawa/ui/icons';
import { toHiragana } from '@engawa/schema';
import { m } from '#lib/paraglide/messages.js';

/** One thing the toolbar and the slash menu can do, told once for both. */
export interface Deed {
  id: string;
  label: () => string;
  icon: typeof BoldIcon;
  /** Keys as ProseMirror names them. */
  keys?: string;
  /** Further words it is found by: readings and English. */
  words?: string;
  active?: (editor: Editor) => boolean;
  run: (editor: Editor) => void;
}

const heading = (level: 1 | 2 | 3 | 4, icon: typeof BoldIcon): Deed => ({
  id: `heading-${level}`,
  label: () => m.doc_heading({ level }),
  icon,
  keys: `Mod-Alt-${level}`,
  words: `見出し${level} みだし${level} heading${level} h${level} ${'#'.repeat(level)}`,
  active: (editor) => editor.isActive('heading', { level }),
  run: (editor) => editor.chain().focus().setHeading({ level }).run(),
});

/** Kinds of block, in the order of the slash menu. */
export const BLOCKS: Deed[] = [
  {
    id: 'paragraph',
    label: m.doc_paragraph,
    icon: ParagraphIcon,
    keys: 'Mod-Alt-0',
    words: 'ほんぶん だんらく 本文 段落 text paragraph',
    active: (editor) => editor.isActive('paragraph'),
    run: (editor) => editor.chain().focus().setParagraph().run(),
  },
  heading(1, Heading1Icon),
  heading(2, Heading2Icon),
  heading(3, Heading3Icon),
  heading(4, Heading4Icon),
  {
    id: 'bulletList',
    label: m.doc_bullet_list,
    icon: BulletListIcon,
    keys: 'Mod-Shift-8',
    words: 'かじょうがき りすと 箇条書き bullet list ul -',
    active: (editor) => editor.isActive('bulletList'),
    run: (editor) => editor.chain().focus().toggleBulletList().run(),
  },
  {
    id: 'orderedList',
    label: m.doc_ordered_list,
    icon: OrderedListIcon,
    keys: 'Mod-Shift-7',
    words: 'ばんごう りすと 番号 numbered ordered list ol 1.',
    active: (editor) => editor.isActive('orderedList'),
    run: (editor) => editor.chain().focus().toggleOrderedList().run(),
  },
  {
    id: 'taskList',
    label: m.doc_task_list,
    icon: TaskListIcon,
    keys: 'Mod-Shift-9',
    words: 'たすく やること ちぇっく task todo check [ ]',
    active: (editor) => editor.isActive('taskList'),
    run: (editor) => editor.chain().focus().toggleTaskList().run(),
  },
  {
    id: 'blockquote',
    label: m.doc_quote,
    icon: QuoteIcon,
    keys: 'Mod-Shift-b',
    words: 'いんよう 引用 quote >',
    active: (editor) => editor.isActive('blockquote'),
    run: (editor) => editor.chain().focus().toggleBlockquote().run(),
  },
  {
    id: 'codeBlock',
    label: m.doc_code_block,
    icon: CodeBlockIcon,
    keys: 'Mod-Alt-c',
    words: 'こーど コード code block ```',
    active: (editor) => editor.isActive('codeBlock'),
    run: (editor) => editor.chain().focus().toggleCodeBlock().run(),
  },
  {
    id: 'rule',
    label: m.doc_rule,
    icon: RuleIcon,
    words: 'くぎりせん すいへいせん 区切り 水平線 rule divider line hr ---',
    run: (editor) => editor.chain().focus().setHorizontalRule().run(),
  },
];

/** A picture: which one is asked by the page. */
export const IMAGE: Deed = {
  id: 'image',
  label: m.doc_image,
  icon: ImageIcon,
  words: 'がぞう しゃしん え 画像 写真 絵 図 image picture photo img',
  run: () => {},
};

/** Marks on words, in the order of the toolbar. */
export const MARKS: Deed[] = [
  {
    id: 'bold',
    label: m.doc_bold,
    icon: BoldIcon,
    keys: 'Mod-b',
    active: (editor) => editor.isActive('bold'),
    run: (editor) => editor.chain().focus().toggleBold().run(),
  },
  {
    id: 'italic',
    label: m.doc_italic,
    icon: ItalicIcon,
    keys: 'Mod-i',
    active: (editor) => editor.isActive('italic'),
    run: (editor) => editor.chain().focus().toggleItalic().run(),
  },
  {
    id: 'strike',
    label: m.doc_strike,
    icon: StrikeIcon,
    keys: 'Mod-Shift-s',
    active: (editor) => editor.isActive('strike'),
    run: (editor) => editor.chain().focus().toggleStrike().run(),
  },
  {
    id: 'code',
    label: m.doc_code,
    icon: CodeIcon,
    keys: 'Mod-e',
    active: (editor) => editor.isActive('code'),
    run: (editor) => editor.chain().focus().toggleCode().run(),
  },
];

/** Hiragana, small letters, no width: ミダシ, ｍｉｄａｓｈｉ and みだし meet. */
function fold(text: string): string {
  return toHiragana(text).toLowerCase();
}

/** The blocks that a half-typed word may mean, those whose words begin with it first. */
export function findBlocks(query: string): Deed[] {
  const wanted = fold(query);
  const all = [...BLOCKS, IMAGE];
  if (wanted === '') return all;
  const rank = (deed: Deed) => {
    const words = fold(`${deed.label()} ${deed.words ?? ''}`).split(/\s+/);
    if (words.some((word) => word.startsWith(wanted))) return 0;
    return words.some((word) => word.includes(wanted)) ? 1 : 2;
  };
  return all.filter((deed) => rank(deed) < 2).toSorted((a, b) => rank(a) - rank(b));
}

/** `Mod-Shift-8` as this device's keyboard says it: ⌘⇧8 or Ctrl+Shift+8. */
export function keysOnDevice(keys: string, apple: boolean): string {
  const names = apple ? { Mod: '⌘', Shift: '⇧', Alt: '⌥' } : { Mod: 'Ctrl', Shift: 'Shift', Alt: 'Alt' };
  const parts = keys.split('-').map((part) => names[part as keyof typeof names] ?? part.toUpperCase());
  return parts.join(apple ? '' : '+');
}

/** The same for `aria-keyshortcuts`. */
export function keysForReader(keys: string, apple: boolean): string {
  return keys
    .split('-')
    .map((part) =>
      part === 'Mod' ? (apple ? 'Meta' : 'Control') : part.length === 1 ? part.toUpperCase() : part,
    )
    .join('+');
}
