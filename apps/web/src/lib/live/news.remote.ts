import * as v from 'valibot';
import { act } from '#lib/server/endpoint.ts';
import { QUESTIONS } from './questions.ts';

/** Everything that the page shows of a space, in one answer and so in one redraw. */
export const news = act(v.object({}), () => Promise.resolve(), QUESTIONS);
