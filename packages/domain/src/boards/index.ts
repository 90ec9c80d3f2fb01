export { boardPiece, boardText } from './boards.ts';
