import type { Lettering, Paint, Surface } from '../render/surface.ts';

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for inside SVG, in content and attributes alike; without the control characters XML cannot hold. */
export const escapeXml = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replaceAll(/[&<>"']/g, (letter) => ESCAPES[letter]!);

/** Only pictures themselves, or files of our own address: an exported board never loads anything from elsewhere. */
const SAFE_PICTURE = /^(data:image\/(png|jpeg|gif|webp|avif);base64,[A-Za-z0-9+/=]*|\/(?!\/)[\w\-./~%?=&]*)$/;

const number = (value: number) => String(Math.round(value * 100) / 100);

/** Writes SVG. Everything that comes from a board goes through `escapeXml` or `number`. */
export class SvgSurface implements Surface {
  #parts: string[] = [];
  readonly #family: string;
  readonly #addressOf: (file: string) => string | null;

  constructor(family: string, addressOf: (file: string) => string | null) {
    this.#family = escapeXml(family);
    this.#addressOf = addressOf;
  }

  /** What was drawn since this was asked last. */
  take(): string {
    const taken = this.#parts.map((part) => `${part}\n`).join('');
    this.#parts = [];
    return taken;
  }

  turn(x: number, y: number, degrees: number): void {
    this.#parts.push(`<g transform="rotate(${number(degrees)} ${number(x)} ${number(y)})">`);
  }

  shift(x: number, y: number): void {
    this.#parts.push(`<g transform="translate(${number(x)} ${number(y)})">`);
  }

  restore(): void {
    this.#parts.push('</g>');
  }

  rect(x: number, y: number, w: number, h: number, radius: number, paint: Paint): void {
    const round = radius > 0 ? ` rx="${number(radius)}"` : '';
    const place = `x="${number(x)}" y="${number(y)}" width="${number(w)}" height="${number(h)}"`;
    this.#parts.push(`<rect ${place}${round}${look(paint)}/>`);
  }

  ellipse(x: number, y: number, w: number, h: number, paint: Paint): void {
    const place = `cx="${number(x + w / 2)}" cy="${number(y + h / 2)}" rx="${number(w / 2)}" ry="${number(h / 2)}"`;
    this.#parts.push(`<ellipse ${place}${look(paint)}/>`);
  }

  path(d: string, paint: Paint): void {
    this.#parts.push(`<path d="${escapeXml(d)}"${look(paint)}/>`);
  }

  text(line: string, x: number, y: number, { size, color, align, bold }: Lettering): void {
    const anchor = { left: 'start', center: 'middle', right: 'end' }[align];
    const weight = bold ? ' font-weight="600"' : '';
    this.#parts.push(
      `<text x="${number(x)}" y="${number(y)}" font-family="${this.#family}" font-size="${number(size)}"${weight} ` +
        `fill="${escapeXml(color)}" text-anchor="${anchor}" dominant-baseline="central" xml:space="preserve">${escapeXml(line)}</text>`,
    );
  }

  image(file: string, x: number, y: number, w: number, h: number, description: string): boolean {
    const address = this.#addressOf(file);
    if (address === null || !SAFE_PICTURE.test(address)) return false;
    const place = `x="${number(x)}" y="${number(y)}" width="${number(w)}" height="${number(h)}"`;
    this.#parts.push(
      `<image ${place} preserveAspectRatio="none" href="${escapeXml(address)}"><title>${escapeXml(description)}</title></image>`,
    );
    return true;
  }
}

function look({ fill, stroke, width = 1, dash }: Paint): string {
  const inside = ` fill="${fill === undefined ? 'none' : escapeXml(fill)}"`;
  if (stroke === undefined || width <= 0) return inside;
  const dashes = dash === undefined ? '' : ` stroke-dasharray="${dash.map(number).join(' ')}"`;
  return `${inside} stroke="${escapeXml(stroke)}" stroke-width="${number(width)}" stroke-linecap="round" stroke-linejoin="round"${dashes}`;
}
