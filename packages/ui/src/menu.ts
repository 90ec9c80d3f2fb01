import type { Component } from 'svelte';

/** One line of a menu: it does something, or leads somewhere. */
export interface MenuItem {
  label: string;
  icon?: Component<{ size?: number | string }>;
  /** Small text at the end of the line, such as a key. */
  note?: string;
  href?: string;
  /** The address gives a file, not a page. */
  download?: boolean;
  onselect?: () => void;
  danger?: boolean;
  disabled?: boolean;
  /** Draws a line above. */
  apart?: boolean;
}
