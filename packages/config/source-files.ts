import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';

/** One import as it stands in a file. `typeOnly` imports are erased before anything runs. */
export interface Import {
  from: string;
  typeOnly: boolean;
}

/** A source file of a room: `apps/web`, `packages/db`, … Paths are relative to the repository, with slashes. */
export interface SourceFile {
  path: string;
  room: string;
  imports: Import[];
}

/** The parts of a room's package.json that the rules ask about. */
export interface Manifest {
  name: string;
  dependencies: string[];
  devDependencies: string[];
}

const SKIPPED = new Set([
  'node_modules',
  'build',
  '.svelte-kit',
  '.engawa',
  '.cache',
  'paraglide',
  'test-results',
]);

/** Every source file and manifest below `root`. */
export function readRepository(root: string): { files: SourceFile[]; manifests: Map<string, Manifest> } {
  const files: SourceFile[] = [];
  const manifests = new Map<string, Manifest>();
  for (const room of ['apps', 'packages'].flatMap((top) =>
    readdirSync(join(root, top)).map((name) => posix.join(top, name)),
  )) {
    const manifest = join(root, room, 'package.json');
    if (!existsSync(manifest)) continue;
    const read = JSON.parse(readFileSync(manifest, 'utf8'));
    const names = (list?: Record<string, string>) => Object.keys(list ?? {});
    manifests.set(room, {
      name: read.name,
      dependencies: names({ ...read.dependencies, ...read.peerDependencies, ...read.optionalDependencies }),
      devDependencies: names(read.devDependencies),
    });
    for (const path of sourcesBelow(root, room)) {
      files.push({ path, room, imports: importsOf(path, readFileSync(join(root, path), 'utf8')) });
    }
  }
  return { files, manifests };
}

function sourcesBelow(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : sourcesBelow(root, path);
    return /\.(ts|svelte|mjs|js)$/.test(entry.name) && !entry.name.endsWith('.d.ts') ? [path] : [];
  });
}

/** The imports of one file; of a Svelte component, those of its scripts. */
export function importsOf(path: string, text: string): Import[] {
  const code = path.endsWith('.svelte')
    ? [...text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map((m) => m[1]).join('\n')
    : text;
  const typeOnly = new Set(
    [...code.matchAll(/^\s*(?:import|export)\s+type\s[^'"]*?from\s*['"]([^'"]+)['"]/gm)].map((m) => m[1]),
  );
  const values = new Set(
    [...code.matchAll(/^\s*(?:import|export)\s+(?!type\s)(?:[^'";]*?from\s*)?['"]([^'"]+)['"]/gm)].map(
      (m) => m[1],
    ),
  );
  return ts.preProcessFile(code, true, true).importedFiles.map(({ fileName }) => ({
    from: fileName,
    typeOnly: typeOnly.has(fileName) && !values.has(fileName),
  }));
}
