export { boardHead, boardPiece, boardText } from './boards.ts';
export { exportBoard } from './export.ts';
