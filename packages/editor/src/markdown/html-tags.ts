/** What an HTML tag inside Markdown becomes. Attributes are never looked at. */
export type Tag =
  | { kind: 'open' | 'close'; mark: 'bold' | 'italic' | 'strike' | 'code' }
  | { kind: 'raise' | 'lower'; open: boolean }
  | { kind: 'break' }
  | { kind: 'nothing' };

const MARKS: Record<string, 'bold' | 'italic' | 'strike' | 'code'> = {
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  s: 'strike',
  del: 'strike',
  strike: 'strike',
  code: 'code',
  kbd: 'code',
};

const BREAKING = new Set([
  'br',
  '/p',
  '/div',
  '/li',
  '/tr',
  '/h1',
  '/h2',
  '/h3',
  '/h4',
  '/h5',
  '/h6',
  '/table',
]);

/** Reads one raw tag as the parser hands it over, e.g. `<sup>`, `</b>`, `<br/>`, `<!-- … -->`. */
export function readTag(raw: string): Tag {
  const [, slash = '', name = ''] = /^<(\/?)([a-z][a-z0-9]*)/i.exec(raw) ?? [];
  const tag = name.toLowerCase();
  const mark = Object.hasOwn(MARKS, tag) ? MARKS[tag] : undefined;
  if (mark !== undefined) return { kind: slash ? 'close' : 'open', mark };
  if (tag === 'sup') return { kind: 'raise', open: !slash };
  if (tag === 'sub') return { kind: 'lower', open: !slash };
  return BREAKING.has(slash + tag) ? { kind: 'break' } : { kind: 'nothing' };
}

const PLAIN = '0123456789+-=()aeijklmnoprstuvx';
const RAISED: Record<string, string> = Object.fromEntries(
  Array.from('0123456789+-=()abcdefghijklmnoprstuvwxyz', (char, at) => [
    char,
    Array.from('⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ')[at] ?? char,
  ]),
);
const LOWERED: Record<string, string> = Object.fromEntries(
  Array.from(PLAIN, (char, at) => [char, Array.from('₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ')[at] ?? char]),
);

/** 「m2」 with a raised 2 becomes 「m²」 where Unicode has every sign, and stays plain where it has not. */
export function shift(text: string, kind: 'raise' | 'lower'): string {
  const signs = kind === 'raise' ? RAISED : LOWERED;
  const shifted = Array.from(text, (char) => (Object.hasOwn(signs, char) ? signs[char] : undefined));
  return shifted.includes(undefined) ? text : shifted.join('');
}
