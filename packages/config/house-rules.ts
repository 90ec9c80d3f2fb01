import { basename } from 'node:path';
import type { Rule } from 'eslint';

const VAGUE = /^(utils?|helpers?|common|shared|managers?|services?)$/;
const SUFFIXES = /^(remote|sql|svelte|test|db\.test|e2e|d|config)$/;
const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const PASCAL = /^[A-Z][A-Za-z0-9]*$/;
/** Names SvelteKit gives: `+page.server.ts`, `hooks.server.ts`. */
const FRAMEWORK = /^(\+[a-z]+(@[^.]*)?(\.server)?|hooks(\.server|\.client)?)\.(ts|svelte)$/;

/** What is wrong with a file's name, as a sentence; null when it is fine. `path` is relative to the repository. */
export function nameFault(path: string): string | null {
  const file = basename(path);
  const vague = path
    .replace(/\.[a-z.]+$/, '')
    .split('/')
    .find((part) => VAGUE.test(part));
  if (vague) return `"${vague}" says nothing about what is inside: name it after its purpose.`;
  if (FRAMEWORK.test(file)) return null;
  if (file.endsWith('.svelte')) {
    return PASCAL.test(file.slice(0, -'.svelte'.length)) ? null : 'Svelte components have PascalCase names.';
  }
  const [stem = '', ...rest] = file.replace(/\.(ts|js|mjs)$/, '').split('.');
  if (!KEBAB.test(stem)) return 'TypeScript files have kebab-case names.';
  const suffix = rest.join('.');
  if (suffix === '' || SUFFIXES.test(suffix)) return null;
  return `".${suffix}" is none of the closed suffixes: .remote .sql .svelte .test .db.test .e2e.`;
}

const fileName: Rule.RuleModule = {
  meta: { type: 'suggestion', schema: [], messages: { fault: '{{fault}}' } },
  create: (context) => ({
    Program(node) {
      const fault = nameFault(context.filename.slice(context.cwd.length + 1));
      if (fault) context.report({ node, messageId: 'fault', data: { fault } });
    },
  }),
};

/** ESLint plugin with the habits of this house that no other plugin knows. */
export const house = { rules: { 'file-name': fileName } };
