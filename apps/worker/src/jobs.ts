import type { Job } from './job.ts';
import { collectFilesJob } from './jobs/collect-files.ts';
import { drawThumbnailJob } from './jobs/draw-thumbnail.ts';
import { invitationMailJob } from './jobs/invitation-mail.ts';
import { mergeOldEditsJob } from './jobs/merge-old-edits.ts';
import { resetMailJob, welcomeMailJob } from './jobs/password-link-mail.ts';
import { purgeTrashJob } from './jobs/purge-trash.ts';
import { sweepSessionsJob } from './jobs/sweep-sessions.ts';

/** Everything the worker does. */
export const JOBS: readonly Job[] = [
  collectFilesJob,
  drawThumbnailJob,
  invitationMailJob,
  mergeOldEditsJob,
  purgeTrashJob,
  resetMailJob,
  sweepSessionsJob,
  welcomeMailJob,
];
