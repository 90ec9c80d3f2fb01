/** What a browser says of itself, in words its owner knows. Empty where it says nothing we understand. */
export interface Device {
  browser: string;
  system: string;
  phone: boolean;
}

// The order decides: every browser also calls itself by the names of those that came before.
const BROWSERS: [RegExp, string][] = [
  [/\bEdgA?\/|\bEdgiOS\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bVivaldi\//, 'Vivaldi'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
  [/Chrome\/|\bCriOS\/|\bChromium\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];
const SYSTEMS: [RegExp, string][] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'Mac'],
  [/\bLinux\b/, 'Linux'],
];

const first = (names: [RegExp, string][], text: string): string =>
  names.find(([sign]) => sign.test(text))?.[1] ?? '';

export function deviceOf(userAgent: string): Device {
  const system = first(SYSTEMS, userAgent);
  const phone = system === 'iPhone' || (system === 'Android' && /\bMobile\b/.test(userAgent));
  return { browser: first(BROWSERS, userAgent), system, phone };
}
