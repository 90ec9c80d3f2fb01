export { activity, lately, type Activity, type Lately } from './activity.ts';
