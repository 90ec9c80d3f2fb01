import type { Colour } from '../model/element.ts';

/** The values of a board's colours. The app gives its own, for light and for dark; these two are the defaults. */
export interface Palette {
  /** Behind everything. */
  board: string;
  /** Dots of the grid. */
  dot: string;
  /** Fills by name. `none` is not painted. */
  fill: Record<Exclude<Colour, 'none'>, string>;
  /** Lines and free text by name. */
  line: Record<Exclude<Colour, 'none'>, string>;
  /** Text on a fill. */
  onFill: string;
  /** Frames: ground, edge, title. */
  frame: string;
  frameLine: string;
  frameTitle: string;
  /** Under notes, with its transparency. */
  shadow: string;
  /** Selection, guides. */
  accent: string;
  accentSoft: string;
  /** Handles' ground. */
  handle: string;
}

export const lightPalette: Palette = {
  board: '#fdfcf9',
  dot: '#e2dccf',
  fill: {
    ink: '#3a352d',
    white: '#ffffff',
    gray: '#e9e5dc',
    yellow: '#fbe9a0',
    orange: '#fcd5ae',
    red: '#f8c4bd',
    pink: '#f7cade',
    purple: '#dfd0f0',
    blue: '#c8def5',
    teal: '#bfe6e3',
    green: '#cfe8bf',
  },
  line: {
    ink: '#24211c',
    white: '#cfc6b6',
    gray: '#7b7365',
    yellow: '#8a6d00',
    orange: '#a8520b',
    red: '#b3261e',
    pink: '#b02a6b',
    purple: '#6b3fa0',
    blue: '#1f4a80',
    teal: '#0f6b6b',
    green: '#2f6b1f',
  },
  onFill: '#24211c',
  frame: '#ffffff',
  frameLine: '#cfc6b6',
  frameTitle: '#625b50',
  shadow: 'rgb(60 45 20 / 0.09)',
  accent: '#1f4a80',
  accentSoft: 'rgb(31 74 128 / 0.1)',
  handle: '#ffffff',
};

export const darkPalette: Palette = {
  board: '#1b1916',
  dot: '#35312a',
  fill: {
    ink: '#d8d1c3',
    white: '#3a362f',
    gray: '#4a453c',
    yellow: '#5d5020',
    orange: '#654223',
    red: '#66342f',
    pink: '#613348',
    purple: '#4a3a62',
    blue: '#2c4566',
    teal: '#1f504f',
    green: '#375028',
  },
  line: {
    ink: '#ece6da',
    white: '#6a6357',
    gray: '#aea593',
    yellow: '#e6c84f',
    orange: '#f0a060',
    red: '#ff9c92',
    pink: '#f59ac3',
    purple: '#c5a8ee',
    blue: '#a3c0e8',
    teal: '#7fd0cb',
    green: '#a5d48c',
  },
  onFill: '#f4efe5',
  frame: '#221f1b',
  frameLine: '#4a443b',
  frameTitle: '#aea593',
  shadow: 'rgb(0 0 0 / 0.28)',
  accent: '#a3c0e8',
  accentSoft: 'rgb(163 192 232 / 0.16)',
  handle: '#26231f',
};

/** Text on a fill: the ink fill is the one dark ground in light mode, and the one light ground in dark mode. */
export const textOn = (palette: Palette, fill: Colour): string =>
  fill === 'none' ? palette.line.ink : fill === 'ink' ? palette.board : palette.onFill;
