import { expect, test } from 'vitest';
import { deviceOf } from './devices.ts';

const windows = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)';

test('a browser is called by its own name, not by those it imitates', () => {
  expect(deviceOf(`${windows} Chrome/146.0.0.0 Safari/537.36`).browser).toBe('Chrome');
  expect(deviceOf(`${windows} Chrome/146.0.0.0 Safari/537.36 Edg/146.0.0.0`)).toEqual({
    browser: 'Edge',
    system: 'Windows',
    phone: false,
  });
});

test('phones are told from desks', () => {
  const iphone =
    'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile/15E148 Safari/604.1';
  expect(deviceOf(iphone)).toEqual({ browser: 'Safari', system: 'iPhone', phone: true });
  const android = 'Mozilla/5.0 (Linux; Android 16; Pixel 9) Chrome/146.0.0.0 Mobile Safari/537.36';
  expect(deviceOf(android)).toEqual({ browser: 'Chrome', system: 'Android', phone: true });
});

test('what says nothing stays nameless', () => {
  expect(deviceOf('')).toEqual({ browser: '', system: '', phone: false });
  expect(deviceOf('curl/8.14.1').browser).toBe('');
});
