import type { ViewSize } from '../geometry/camera.ts';
import type { Point } from '../geometry/rect.ts';
import type { Style } from '../model/element.ts';
import type { Tool } from './stage.ts';

/** Keys held down. `command` is Ctrl, on a Mac ⌘. */
export interface Modifiers {
  shift: boolean;
  alt: boolean;
  command: boolean;
}

export interface PointerInput extends Modifiers {
  id: number;
  /** In CSS pixels from the top left of the canvas. */
  at: Point;
  device: 'mouse' | 'pen' | 'touch';
  /** As the DOM numbers them: 0 main, 1 middle, 2 secondary. */
  button: number;
  /** 0 to 1; a mouse has 0.5. */
  pressure: number;
}

/** A pointer event. */
export type Pointed = { type: 'down' | 'move' | 'up' | 'double' } & PointerInput;

/** All that can happen to a stage. The app turns DOM events into these and nothing else. */
export type Input =
  | Pointed
  | { type: 'cancel'; id: number }
  | { type: 'leave' }
  | { type: 'wheel'; at: Point; dx: number; dy: number; zoom: boolean }
  | ({ type: 'key'; key: string; repeat: boolean } & Modifiers)
  | { type: 'keyup'; key: string }
  | { type: 'tool'; tool: Tool; keep?: boolean }
  | { type: 'style'; style: Style }
  | { type: 'view'; view: ViewSize }
  | { type: 'camera'; camera: { x: number; y: number; zoom: number } }
  | { type: 'select'; ids: string[]; reveal?: boolean }
  | { type: 'readOnly'; readOnly: boolean };
