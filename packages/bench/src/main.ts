// `pnpm bench <name>`: one bench, its peers beside it in the same run, ratios printed. Nothing here asserts a time.
const BENCHES: Record<string, () => Promise<unknown>> = {
  board: () => import('./board.ts'),
  journal: () => import('./journal.ts'),
  sync: () => import('./sync.ts'),
  upload: () => import('./upload.ts'),
};

const bench = BENCHES[process.argv[2] ?? ''];
if (bench) await bench();
else {
  console.error(`Which bench? ${Object.keys(BENCHES).join(', ')}.`);
  process.exitCode = 2;
}
