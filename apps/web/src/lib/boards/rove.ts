const BUTTONS = 'button:not(:disabled), [href], input';

/**
 * Makes a toolbar one stop of the Tab key, with the arrows going from button to button: `{@attach rove}` on the
 * element with `role="toolbar"`. Its buttons may come and go.
 */
export function rove(bar: HTMLElement): () => void {
  const all = () => Array.from(bar.querySelectorAll<HTMLElement>(BUTTONS)).filter((one) => one.offsetParent);
  const stopAt = (stop: HTMLElement | undefined) => {
    for (const button of all()) button.tabIndex = button === stop ? 0 : -1;
  };
  const settle = () => {
    const buttons = all();
    if (!buttons.some((button) => button.tabIndex === 0 && button.dataset.stop === 'yes')) stopAt(buttons[0]);
  };
  const onfocusin = (event: FocusEvent) => {
    const button = (event.target as HTMLElement).closest<HTMLElement>(BUTTONS);
    if (!button || !bar.contains(button)) return;
    for (const other of all()) delete other.dataset.stop;
    button.dataset.stop = 'yes';
    stopAt(button);
  };
  const onkeydown = (event: KeyboardEvent) => {
    const buttons = all();
    const at = buttons.indexOf(event.target as HTMLElement);
    if (at < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    const upright = bar.getAttribute('aria-orientation') === 'vertical';
    const [next, before] = upright ? ['ArrowDown', 'ArrowUp'] : ['ArrowRight', 'ArrowLeft'];
    const to = { [next]: at + 1, [before]: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    buttons[(to + buttons.length) % buttons.length]?.focus();
  };
  settle();
  const watcher = new MutationObserver(settle);
  watcher.observe(bar, { childList: true, subtree: true });
  bar.addEventListener('focusin', onfocusin);
  // Before the menus that stand in it, which would open by an arrow.
  bar.addEventListener('keydown', onkeydown, { capture: true });
  return () => {
    watcher.disconnect();
    bar.removeEventListener('focusin', onfocusin);
    bar.removeEventListener('keydown', onkeydown, { capture: true });
  };
}
