/** More is not looked into: the plain text beside it is taken as it is. */
const MOST = 4 * 2 ** 20;

/**
 * The rows of a table that was copied elsewhere (Excel, a page), one a line; null where there is none. The plain text
 * beside it breaks a cell of several lines apart and puts quotes around it. Parsed apart from the page: nothing in it runs
 * or is loaded.
 */
export function tableLines(html: string): string | null {
  if (html.length > MOST || !/<t[rd]\b/i.test(html)) return null;
  const copied = new DOMParser().parseFromString(html, 'text/html');
  for (const unseen of copied.querySelectorAll('script, style, template')) unseen.remove();
  const lines = [...copied.querySelectorAll('tr')]
    .filter((row) => row.querySelector('table') === null)
    .map((row) =>
      [...row.cells]
        .map(wordsOf)
        .filter((words) => words !== '')
        .join(' '),
    )
    .filter((line) => line !== '');
  return lines.length > 0 ? lines.join('\n') : null;
}

function wordsOf(cell: HTMLTableCellElement): string {
  for (const end of cell.querySelectorAll('br, p, div, li')) end.before(' ');
  return (cell.textContent ?? '').replaceAll(/\s+/g, ' ').trim();
}

/** Whether words were copied, and a picture of them only came along (Excel, Word): a copied picture is nothing but itself. */
export function isWritten(html: string, text: string): boolean {
  const onlyPicture = /^\s*(<(html|body|meta)[^>]*>\s*)*<img\b/i;
  return text.trim() !== '' && html.trim() !== '' && !onlyPicture.test(html.replaceAll(/<!--[^]*?-->/g, ''));
}
