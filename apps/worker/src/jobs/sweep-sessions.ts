import { sweepSessions } from '@engawa/domain';
import type { Job } from '../job.ts';

/** Sessions that ended say where somebody was and when: they are not kept longer than needed. */
export const sweepSessionsJob: Job = {
  name: 'sweep-sessions',
  cron: '40 * * * *',
  async run({ nobody }) {
    await sweepSessions(nobody);
  },
};
