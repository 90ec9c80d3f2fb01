import { expect, test } from 'vitest';
import {
  fiscalYear,
  formatAgo,
  formatDate,
  formatDateTime,
  formatDay,
  formatEraDate,
  formatFiscalYear,
  isoDay,
} from './dates.ts';
import { localeFromHeader } from './locales.ts';
import { formatBytes } from './numbers.ts';

const friday = '2026-11-20T14:05:00+09:00';

test('dates read as people here read them', () => {
  expect(formatDate(friday, 'ja')).toBe('2026年11月20日（金）');
  expect(formatDate(friday, 'en')).toBe('Fri, 20 November 2026');
  expect(formatDateTime(friday, 'ja')).toBe('2026年11月20日（金）14:05');
  expect(formatDay(friday, 'ja', friday)).toBe('11月20日');
  expect(formatDay(friday, 'ja', '2027-01-05T00:00:00+09:00')).toBe('2026年11月20日');
  expect(formatEraDate(friday)).toBe('令和8年11月20日');
  expect(formatEraDate('2019-05-01T00:00:00+09:00')).toBe('令和元年5月1日');
});

test('the day is the day in Japan, also just after midnight', () => {
  expect(isoDay('2026-11-19T15:00:00Z')).toBe('2026-11-20');
  expect(isoDay('2026-11-19T14:59:59Z')).toBe('2026-11-19');
});

test('the fiscal year begins in April', () => {
  expect(fiscalYear('2027-03-31T23:59:59+09:00')).toBe(2026);
  expect(fiscalYear('2027-04-01T00:00:00+09:00')).toBe(2027);
  expect(formatFiscalYear('2027-03-31T12:00:00+09:00', 'ja')).toBe('令和8年度');
});

test('how long ago', () => {
  const ago = (minutes: number): string => new Date(Date.parse(friday) - minutes * 60_000).toISOString();
  expect(formatAgo(ago(0.5), 'ja', friday)).toBe('たった今');
  expect(formatAgo(ago(3), 'ja', friday)).toBe('3分前');
  expect(formatAgo(ago(125), 'ja', friday)).toBe('2時間前');
  expect(formatAgo(ago(60 * 20), 'ja', friday)).toBe('昨日');
  expect(formatAgo(ago(60 * 24 * 3), 'en', friday)).toBe('3 days ago');
  expect(formatAgo(ago(60 * 24 * 9), 'ja', friday)).toBe('11月11日');
});

test('sizes, and the language a browser asks for', () => {
  expect(formatBytes(1536, 'en')).toBe('1.5 kB');
  expect(localeFromHeader('fr-FR,fr;q=0.9,en;q=0.8,ja;q=0.7')).toBe('en');
  expect(localeFromHeader('ja-JP')).toBe('ja');
  expect(localeFromHeader(null)).toBe('ja');
});
