import Papa from 'papaparse';

/** More rows and columns are not read on a page but worked with in a spreadsheet. */
export const TABLE_ROWS = 1_000;
export const TABLE_COLUMNS = 100;
const CELL_LETTERS = 500;

export interface Table {
  /** Every row is as long as `columns` says; what was missing is empty. The first one is the head. */
  rows: string[][];
  columns: number;
  /** There are more rows, or columns, than are shown. */
  moreRows: boolean;
  moreColumns: boolean;
}

function cell(text: string): string {
  const shown = text.replaceAll('\u0000', '').trimEnd();
  return shown.length > CELL_LETTERS ? `${shown.slice(0, CELL_LETTERS).toWellFormed()}…` : shown;
}

/**
 * Text with separators as a table: commas, tabs or semicolons, whichever it uses, quotes, rows of any length.
 * `cut`: the text goes on; its last row may be half there and is left out.
 */
export function tableOf(text: string, { tabs = false, cut = false } = {}): Table {
  const { data, meta } = Papa.parse<string[]>(text, {
    delimiter: tabs ? '\t' : '',
    delimitersToGuess: [',', '\t', ';', '|'],
    // Two more than are shown: one to know that there are more, one that may be half there.
    preview: TABLE_ROWS + 2,
    skipEmptyLines: true,
  });
  const whole = cut && !meta.truncated && data.length > 1 ? data.slice(0, -1) : data;
  const kept = whole.slice(0, TABLE_ROWS);
  const widest = kept.reduce((most, row) => Math.max(most, row.length), 0);
  const columns = Math.min(widest, TABLE_COLUMNS);
  return {
    rows: kept.map((row) => Array.from({ length: columns }, (_, at) => cell(row[at] ?? ''))),
    columns,
    moreRows: whole.length > TABLE_ROWS || cut,
    moreColumns: widest > TABLE_COLUMNS,
  };
}
