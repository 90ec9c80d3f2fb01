import { purgeExpired } from '@engawa/domain';
import type { Job } from '../job.ts';

/** Thirty days after somebody threw it away, it is gone for good. */
export const purgeTrashJob: Job = {
  name: 'purge-trash',
  cron: '10 3 * * *',
  async run({ nobody, log }) {
    const batch = 100;
    let purged = 0;
    for (let last = batch; last === batch; purged += last) last = await purgeExpired(nobody, batch);
    if (purged > 0) log.info({ purged }, 'purged what had lain in the trash for 30 days');
  },
};
