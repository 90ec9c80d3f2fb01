/** Millimetres would be finer, but a page of A4 is told in points. */
const PAGE = { width: 595, height: 842, margin: 64 };

export interface Line {
  text: string;
  size: number;
}

/**
 * A page of Japanese text as a PDF, small enough to be read here: the font is named and not carried along, as its
 * readers all have one (Adobe-Japan1).
 */
export function makePdf(title: string, lines: Line[]): Buffer {
  const content = lines
    .reduce<{ y: number; out: string[] }>(
      ({ y, out }, { text, size }) => {
        const below = y - size * 1.8;
        const shown = `BT /F1 ${size} Tf 1 0 0 1 ${PAGE.margin} ${below.toFixed(1)} Tm <${hex(text)}> Tj ET`;
        return { y: below, out: text === '' ? out : [...out, shown] };
      },
      { y: PAGE.height - PAGE.margin, out: [] },
    )
    .out.join('\n');
  return assemble([
    '<< /Type /Catalog /Pages 2 0 R /Lang (ja-JP) >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${PAGE.width} ${PAGE.height}] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>`,
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    '<< /Type /Font /Subtype /Type0 /BaseFont /HeiseiKakuGo-W5 /Encoding /UniJIS-UTF16-H /DescendantFonts [6 0 R] >>',
    '<< /Type /Font /Subtype /CIDFontType0 /BaseFont /HeiseiKakuGo-W5 /DW 1000 /W [1 [278] 2 94 500] /CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 2 >> /FontDescriptor 7 0 R >>',
    '<< /Type /FontDescriptor /FontName /HeiseiKakuGo-W5 /Flags 4 /FontBBox [-92 -250 1010 922] /ItalicAngle 0 /Ascent 752 /Descent -221 /CapHeight 737 /StemV 114 >>',
    `<< /Title <feff${hex(title)}> >>`,
  ]);
}

function assemble(objects: string[]): Buffer {
  let out = '%PDF-1.5\n';
  const places = objects.map((object, i) => {
    const at = out.length;
    out += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const rows = places.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('');
  const count = objects.length + 1;
  return Buffer.from(
    `${out}xref\n0 ${count}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${count} /Root 1 0 R /Info ${objects.length} 0 R >>\nstartxref\n${out.length}\n%%EOF\n`,
    'latin1',
  );
}

function hex(text: string): string {
  return Buffer.from(text, 'utf16le').swap16().toString('hex');
}
