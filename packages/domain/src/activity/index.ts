export { activity, type Activity } from './activity.ts';
