import { expect, test } from 'vitest';
import { textOfBytes } from './text-of-bytes.ts';

const SJIS = Uint8Array.from([0x89, 0x8f, 0x91, 0xa4, 0x82, 0xc5, 0x8f, 0x91, 0x82, 0xad]);
const EUC = Uint8Array.from([0xb1, 0xef, 0xc2, 0xa6, 0xa4, 0xc7, 0xbd, 0xf1, 0xa4, 0xaf]);
const utf8 = (text: string) => new TextEncoder().encode(text);

test('the encodings in which Japanese text comes, without being told', () => {
  expect(textOfBytes(utf8('縁側で書く'))).toEqual({ text: '縁側で書く', charset: 'utf-8' });
  expect(textOfBytes(SJIS)).toEqual({ text: '縁側で書く', charset: 'shift_jis' });
  expect(textOfBytes(EUC, 'euc-jp')).toEqual({ text: '縁側で書く', charset: 'euc-jp' });
  const utf16 = (little: boolean) => {
    const bytes = new DataView(new ArrayBuffer(12));
    [...'\ufeff縁側で書く'].forEach((char, at) => bytes.setUint16(at * 2, char.charCodeAt(0), little));
    return new Uint8Array(bytes.buffer);
  };
  expect(textOfBytes(utf16(true))).toEqual({ text: '縁側で書く', charset: 'utf-16le' });
  expect(textOfBytes(utf16(false))).toEqual({ text: '縁側で書く', charset: 'utf-16be' });
  expect(textOfBytes(utf8('\ufeff県'), 'shift_jis')).toEqual({ text: '県', charset: 'utf-8' });
  expect(textOfBytes(new Uint8Array())).toEqual({ text: '', charset: 'utf-8' });
});

test('what the first bytes seemed to be gives way to what all of them are', () => {
  const late = Uint8Array.from([...utf8('a,b\n'.repeat(100)), ...SJIS]);
  expect(textOfBytes(late, 'utf-8')).toMatchObject({ charset: 'shift_jis' });
  expect(textOfBytes(utf8('x'), 'no-such-charset')).toEqual({ text: 'x', charset: 'utf-8' });
});

test('a character cut in two is left out; bytes that are no text are shown as such', () => {
  expect(textOfBytes(utf8('縁側').subarray(0, 5), 'utf-8', true).text).toBe('縁');
  expect(textOfBytes(SJIS.subarray(0, 3), 'shift_jis', true)).toEqual({ text: '縁', charset: 'shift_jis' });
  expect(textOfBytes(Uint8Array.from([0x41, 0xff, 0xff, 0x80, 0xff])).text).toMatch(/^A\ufffd/);
});
