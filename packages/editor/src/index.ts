export { Link, safeHref } from './link.ts';
export { CONTENT, HEADING_LEVELS, contentExtensions, schema } from './schema.ts';
export { checkStructs, checkUpdate, documentShape, findIn } from './shape.ts';
