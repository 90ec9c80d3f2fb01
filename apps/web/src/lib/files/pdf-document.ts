import {
  GlobalWorkerOptions,
  getDocument,
  type PDFDocumentLoadingTask,
  type PDFDocumentProxy,
  type PDFPageProxy,
  TextLayer,
} from 'pdfjs-dist/legacy/build/pdf.mjs';
import worker from 'pdfjs-dist/legacy/build/pdf.worker.min.mjs?url';
import { MOST_PIXELS } from './image-size.ts';

export type { PDFDocumentProxy, PDFPageProxy };
export { TextLayer };

/** One CSS pixel is 1/96 inch, one unit of a PDF 1/72. */
export const CSS_UNITS = 96 / 72;

export type PdfFault = 'damaged' | 'line';

/** Why a PDF did not open. */
export function faultOf(error: unknown): PdfFault {
  const name = error instanceof Error ? error.name : '';
  return name === 'ResponseException' || name === 'UnknownErrorException' ? 'line' : 'damaged';
}

/**
 * Opens a PDF by ranges: only what is looked at is fetched. Scripts in it have nothing here to run on, and what it
 * refers to elsewhere is not followed. Tables of Japanese characters and fonts come from our own host.
 */
export function openPdf(
  address: string,
  onPassword: (answer: (password: string) => void, wrong: boolean) => void,
): PDFDocumentLoadingTask {
  GlobalWorkerOptions.workerSrc = worker;
  const data = new URL(import.meta.env.VITE_PDF_DATA as string, location.origin).href;
  const task = getDocument({
    url: new URL(address, location.origin).href,
    cMapUrl: `${data}cmaps/`,
    iccUrl: `${data}iccs/`,
    standardFontDataUrl: `${data}standard_fonts/`,
    wasmUrl: `${data}wasm/`,
    rangeChunkSize: 256 * 1024,
    disableAutoFetch: true,
    disableStream: true,
    disableWorkerRendering: true,
    enableXfa: false,
    maxImageSize: MOST_PIXELS,
    verbosity: 0,
  });
  task.onPassword = (answer: (password: string) => void, reason: number) => onPassword(answer, reason === 2);
  return task;
}
