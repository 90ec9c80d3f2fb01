import { InputRule, Mark, mergeAttributes } from '@tiptap/core';

/** Longer addresses are refused: nothing a person would follow. */
const MAX_HREF = 2048;

/**
 * A link's address as it may be stored and followed: `http`, `https` or `mailto`, absolute, without control
 * characters. Everything else (`javascript:`, `data:`, relative, over-long) is `null`.
 */
export function safeHref(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const href = value.trim();
  if (href.length === 0 || href.length > MAX_HREF) return null;
  // Browsers drop control characters inside a scheme, so `java\tscript:` must not pass.
  if (/[\u0000-\u0020\u007f]/u.test(href) || !href.isWellFormed()) return null;
  if (/^mailto:[^\s@]+@[^\s@]+$/iu.test(href)) return href;
  if (!/^https?:\/\/[^/]/iu.test(href)) return null;
  try {
    const { protocol, username } = new URL(href);
    return (protocol === 'http:' || protocol === 'https:') && username === '' ? href : null;
  } catch {
    return null;
  }
}

/**
 * Our own link mark rather than Tiptap's: it stores `href` and nothing else, so a forged `class`, `rel` or
 * `target` has nowhere to go, and it never adds marks in answer to somebody else's typing.
 */
export const Link = Mark.create({
  name: 'link',
  priority: 1000,
  inclusive: false,
  exitable: true,

  addAttributes() {
    return { href: { default: null, validate: 'string|null' } };
  },

  parseHTML() {
    return [
      {
        tag: 'a[href]',
        getAttrs: (element) => {
          const href = safeHref(element.getAttribute('href'));
          return href === null ? false : { href };
        },
      },
    ];
  },

  renderHTML({ HTMLAttributes }) {
    const href = safeHref(HTMLAttributes['href']);
    if (href === null) return ['span', 0];
    return ['a', mergeAttributes({ rel: 'noopener noreferrer nofollow' }, { href }), 0];
  },

  addInputRules() {
    // An address followed by a space becomes a link. ASCII only: Japanese text follows an address without a space.
    return [
      new InputRule({
        find: /(?:^|[\s（(「])(https?:\/\/[\u0021-\u007e]{3,2000})[ \u3000]$/u,
        handler: ({ state, range, match }) => {
          const href = safeHref(match[1]);
          const typed = match[0].at(-1) ?? ' ';
          if (href === null) return null;
          const start = range.from + match[0].indexOf(match[1] ?? '');
          const { tr } = state;
          tr.insertText(typed, range.to);
          tr.addMark(start, start + href.length, this.type.create({ href }));
          tr.removeStoredMark(this.type);
          return undefined;
        },
      }),
    ];
  },
});
