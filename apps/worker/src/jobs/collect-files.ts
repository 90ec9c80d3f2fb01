import { collectGarbage } from '@engawa/domain';
import type { Job } from '../job.ts';

/** Gives back what expired uploads, purged files past the recovery window and crashes left in the store. */
export const collectFilesJob: Job = {
  name: 'collect-files',
  cron: '40 3 * * *',
  async run({ nobody, log }) {
    const collected = await collectGarbage(nobody);
    if (Object.values(collected).some((count) => count > 0))
      log.info(collected, 'collected what no file needs');
  },
};
