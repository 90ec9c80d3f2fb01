// Checks that imports run one way (README.md, "The house"): `pnpm check:imports`.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importFaults } from './import-rules.ts';
import { readRepository } from './source-files.ts';

const root = join(import.meta.dirname, '../..');
const { files, manifests } = readRepository(root);
const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
manifests.set('.', { name: 'engawa', dependencies: [], devDependencies: Object.keys(devDependencies) });

const faults = importFaults(files, manifests);
for (const { path, why } of faults) console.error(`${path}\n  ${why}`);
if (faults.length > 0) {
  console.error(
    `\n${faults.length} import${faults.length === 1 ? '' : 's'} against the direction of the house.`,
  );
  process.exitCode = 1;
} else {
  console.log(`${files.length} files import in the right direction.`);
}
