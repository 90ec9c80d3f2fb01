import { rightAddress } from '#lib/server/right-address.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, params }) => rightAddress(locals, params, 'board');
