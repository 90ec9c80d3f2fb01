import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ALL, answer, can, decide, DEFAULT_CEILINGS, ROLES, type GrantFact, type Question } from './index.ts';

const NOW = new Date('2026-11-20T00:00:00Z');
const id = fc.constantFrom('org', 'space', 'folder', 'limited', 'doc');
const date = fc.option(
  fc.date({ min: new Date('2026-11-18'), max: new Date('2026-11-22'), noInvalidDate: true }),
);
const principal = fc.constantFrom(
  { kind: 'person' as const, id: 'yui' },
  { kind: 'person' as const, id: 'ken' },
  { kind: 'organisation' as const, id: 'town' },
  { kind: 'authenticated' as const, id: null },
  { kind: 'public' as const, id: null },
);
const grant: fc.Arbitrary<GrantFact> = fc.record({
  principal,
  objectId: id,
  mask: fc.integer({ min: 1, max: ALL }),
  notBefore: date,
  expiresAt: date,
  revokedAt: date,
});
const question: fc.Arbitrary<Question> = fc.record({
  principals: fc.uniqueArray(principal, { maxLength: 4 }),
  kind: fc.constantFrom('staff', 'guest', 'code_guest', 'link_visitor', 'public'),
  accessPath: fc.uniqueArray(id, { minLength: 1, maxLength: 4 }),
  grants: fc.array(grant, { maxLength: 8 }),
  space: fc.option(
    fc.record({
      ceilings: fc.dictionary(fc.constantFrom('staff', 'guest'), fc.integer({ min: 0, max: ALL })),
      archived: fc.boolean(),
      blocked: fc.boolean(),
    }),
  ),
  now: fc.constant(NOW),
});

/** The same rule once more, bit by bit and slowly, from the words of the design. */
function oracle(q: Question): number {
  let mask = 0;
  for (let shift = 0; shift < 13; shift++) {
    const one = 1 << shift;
    const granted = q.grants.filter(
      (g) =>
        (g.mask & one) === one &&
        q.accessPath.some((step) => step === g.objectId) &&
        q.principals.filter((p) => `${p.kind}/${p.id}` === `${g.principal.kind}/${g.principal.id}`).length >
          0 &&
        g.revokedAt === null &&
        (g.notBefore === null || g.notBefore.getTime() <= NOW.getTime()) &&
        (g.expiresAt === null || g.expiresAt.getTime() > NOW.getTime()),
    );
    if (granted.length === 0) continue;
    if (q.space) {
      if (q.space.blocked) continue;
      if (((q.space.ceilings[q.kind] ?? DEFAULT_CEILINGS[q.kind]) & one) === 0) continue;
      const kept = ['discover', 'view', 'download', 'manage'];
      if (q.space.archived && !kept.some((name) => can(one, name as 'view'))) continue;
    }
    mask += one;
  }
  return mask;
}

describe('decide', () => {
  test('agrees with the slow oracle', () => {
    fc.assert(
      fc.property(question, (q) => decide(q) === oracle(q)),
      { numRuns: 2000 },
    );
  });

  test('taking a grant away never adds access', () => {
    fc.assert(
      fc.property(question, fc.nat(), (q, n) => {
        const fewer = q.grants.filter((_, index) => index !== n % Math.max(1, q.grants.length));
        return (decide({ ...q, grants: fewer }) & ~decide(q)) === 0;
      }),
    );
  });

  test('a longer way up never takes access away, and a break never adds any', () => {
    fc.assert(
      fc.property(
        question,
        (q) => (decide({ ...q, accessPath: q.accessPath.slice(0, 1) }) & ~decide(q)) === 0,
      ),
    );
  });

  test('a block wins over everything', () => {
    fc.assert(
      fc.property(question, (q) =>
        q.space ? decide({ ...q, space: { ...q.space, blocked: true } }) === 0 : true,
      ),
    );
  });
});

describe('roles', () => {
  test('each role of the ladder holds all of the one below', () => {
    const ladder = ['previewer', 'viewer', 'commenter', 'suggester', 'editor', 'manager'] as const;
    for (const [index, role] of ladder.entries()) {
      const below = ladder[index - 1];
      if (below) expect(ROLES[role] & ROLES[below]).toBe(ROLES[below]);
    }
  });

  test('an uploader discovers nothing and may upload', () => {
    expect(answer(ROLES.uploader, 'view')).toBe('not_found');
    expect(answer(ROLES.uploader, 'upload')).toBe('allowed');
    expect(answer(ROLES.viewer, 'edit')).toBe('forbidden');
  });
});
