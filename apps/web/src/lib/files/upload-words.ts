import { formatBytes } from '@engawa/i18n';
import { m } from '#lib/paraglide/messages.js';
import { getLocale } from '#lib/paraglide/runtime.js';
import { secondsLeft } from './upload-pace.ts';
import type { Upload } from './upload.svelte.ts';
import type { Tally } from './uploads.svelte.ts';

export const sizeText = (bytes: number): string => formatBytes(bytes, getLocale());

/** 残り約20秒; in steps that do not flicker. Empty while nobody can say. */
export function leftText(seconds: number | null): string {
  if (seconds === null) return '';
  if (seconds < 60) return m.upload_left_seconds({ count: Math.max(5, Math.ceil(seconds / 5) * 5) });
  if (seconds < 90 * 60) return m.upload_left_minutes({ count: Math.round(seconds / 60) });
  return m.upload_left_hours({ count: Math.round(seconds / 3600) });
}

const facts = (...parts: string[]): string => parts.filter(Boolean).join(' · ');

/** `12.3 / 45 MB` */
const soFar = ({ sent, size }: Upload): string => `${sizeText(sent)} / ${sizeText(size)}`;

/** The second line of a file: where it stands, or what is wrong. */
export function lineOf(upload: Upload): string {
  const { phase, size, sent, batch, path, pace, reason } = upload;
  switch (phase) {
    case 'queued':
      return facts(m.upload_queued(), sizeText(size));
    case 'sending': {
      if (size > 0 && sent >= size) return m.upload_checking();
      return facts(soFar(upload), leftText(secondsLeft(size - sent, pace.speed(performance.now()))));
    }
    case 'waiting':
      return upload.held ?? m.upload_offline();
    case 'asking':
      return m.upload_asking();
    case 'paused':
      return facts(m.upload_paused(), soFar(upload));
    case 'asleep':
      return m.upload_asleep();
    case 'failed':
      return reason?.message ?? (reason?.again ? m.upload_broken() : m.upload_unreadable());
    case 'skipped':
      return m.upload_skipped();
    case 'done':
      return facts([batch.place.name, ...(batch.place.folders ? path : [])].at(-1)!, sizeText(size));
  }
}

/** The head of the list, in a few words. */
export function headOf(tally: Tally, asking: boolean, reading: number | null): string {
  const { files, done, failed, open, running, waiting, paused, asleep } = tally;
  if (reading !== null && files === 0) return m.uploads_reading({ count: reading });
  if (open > 0 && running > 0 && running === waiting) return m.uploads_offline();
  if (open > 0 && (running > 0 || !asking)) return m.uploads_running({ done, count: files });
  if (asking) return m.uploads_asking();
  if (failed > 0) return m.uploads_failed({ count: failed });
  if (paused > 0) return m.uploads_paused();
  return asleep > 0 ? m.uploads_asleep() : m.uploads_done();
}

/** The line below the head: how much there is still to come, or how much it was. */
export function restOf(tally: Tally): string {
  const { files, done, bytes, sent, open, speed, left } = tally;
  if (done === files) return m.uploads_done_line({ count: files, size: sizeText(bytes) });
  const pace = speed > 0 && open > 0 ? m.uploads_speed({ size: sizeText(speed) }) : '';
  return facts(`${sizeText(sent)} / ${sizeText(bytes)}`, leftText(open > 0 ? left : null), pace);
}
