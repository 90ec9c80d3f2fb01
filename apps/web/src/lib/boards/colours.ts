import { darkPalette, lightPalette, type Palette } from '@engawa/board';

/** The board's colours for what the page shows now: the person's choice, else the device's. */
export function paletteNow(): Palette {
  const theme = document.documentElement.dataset.theme;
  const dark = theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  return dark ? darkPalette : lightPalette;
}

/** Tells of every change between light and dark. Returns how to stop. */
export function watchPalette(changed: (palette: Palette) => void): () => void {
  const tell = () => changed(paletteNow());
  const device = matchMedia('(prefers-color-scheme: dark)');
  const chosen = new MutationObserver(tell);
  device.addEventListener('change', tell);
  chosen.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  return () => {
    device.removeEventListener('change', tell);
    chosen.disconnect();
  };
}
