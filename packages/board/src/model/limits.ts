/** What a board and its elements may hold. Writing past a limit is refused; reading past it leaves the element out. */
export const LIMITS = {
  /** Elements of one board. */
  elements: 20_000,
  /** Distance from the middle of the board, in board units (pixels at 100 %). */
  coordinate: 1_000_000,
  /** Width and height of one element. */
  size: 100_000,
  /** UTF-16 units of one element's text. */
  text: 10_000,
  /** Bytes of one pen stroke: about 20 000 points. */
  ink: 65_536,
  /** Groups inside groups. */
  depth: 16,
  /** Bytes of a pasted piece of a board. */
  clipboard: 8 * 1024 * 1024,
  /** Lines that become notes in one paste. */
  lines: 500,
} as const;
