import { createContext } from 'svelte';

/** What the parts of the shell know of each other. */
export class ShellState {
  /** On a phone the rail is a drawer. */
  drawer = $state(false);
}

export const [shell, provideShell] = createContext<ShellState>();
