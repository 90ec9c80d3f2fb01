import { mergeOldEdits } from '@engawa/domain';
import type { Job } from '../job.ts';

/** After thirty days the single edits of an item become one state, so that typing cannot be replayed. */
export const mergeOldEditsJob: Job = {
  name: 'merge-old-edits',
  cron: '40 3 * * *',
  async run({ nobody, log }) {
    const found = await mergeOldEdits(nobody);
    if (found.merged > 0) log.info(found, 'merged edits older than thirty days');
    if (found.damaged > 0) log.error(found, 'items whose journal is damaged; a manager can repair them');
  },
};
