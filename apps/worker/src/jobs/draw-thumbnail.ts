import { imageToDraw, keepThumbnail, refuseThumbnail } from '@engawa/domain';
import { drawImage } from '../draw.ts';
import type { Job } from '../job.ts';

/** Draws images small, so that lists need not load the large ones, and for whoever may only look. What cannot be drawn is noted and let be. */
export const drawThumbnailJob: Job = {
  name: 'draw-thumbnail',
  on: ['files.uploaded', 'files.version_added'],
  async run({ nobody, log }, { objectId, data }, id) {
    const image = await imageToDraw(nobody, { id: objectId, version: Number(data.version) });
    if (!image) return;
    const drawn = await drawImage(await image.stream());
    if (typeof drawn !== 'string') return keepThumbnail(nobody, image, drawn);
    log.info({ job: id, why: drawn }, 'an image without a thumbnail');
    await refuseThumbnail(nobody, image, drawn);
  },
};
