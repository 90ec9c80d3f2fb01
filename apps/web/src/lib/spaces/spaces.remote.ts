import { redirect } from '@sveltejs/kit';
import * as domain from '@engawa/domain';
import { ArchiveSpaceInput, CandidatesInput, CreateSpaceInput, Id, UpdateSpaceInput } from '@engawa/schema';
import * as v from 'valibot';
import { act, read, write } from '#lib/server/endpoint.ts';
import { keptRows } from '#lib/server/keeping.ts';

export const mySpaces = read(v.optional(v.undefined()), async (ctx) =>
  keptRows(ctx, await domain.mySpaces(ctx), (row) => row.id),
);

/** Everything the home of a space shows; the shell takes the name, the flags and the guest's end from it too. */
export const spaceHome = read(Id, (ctx, spaceId) => domain.spaceHome(ctx, spaceId));

export const members = read(Id, (ctx, spaceId) => domain.membersByOrganisation(ctx, spaceId));

/** People, groups and organisations that may be let in, by what is typed. */
export const candidates = read(CandidatesInput, (ctx, input) => domain.candidates(ctx, input));

/** What happened lately, newest first. */
export const activity = read(Id, (ctx, spaceId) => domain.activity(ctx, { spaceId, limit: 20 }));

/** What others did lately, over all spaces of the reader. */
export const lately = read(v.optional(v.undefined()), async (ctx) =>
  keptRows(ctx, await domain.lately(ctx), (row) => row.spaceId),
);

export const createSpace = write(
  v.object({ ...CreateSpaceInput.entries, organisationId: v.optional(v.string()) }),
  async (ctx, { organisationId, ...given }) => {
    const space = await domain.createSpace(ctx, { ...given, organisationId: organisationId || null });
    redirect(303, `/s/${space.id}`);
  },
);

export const updateSpace = act(UpdateSpaceInput, domain.updateSpace, [spaceHome, mySpaces]);

export const archiveSpace = act(ArchiveSpaceInput, domain.archiveSpace, [spaceHome, mySpaces]);

export const reopenSpace = act(ArchiveSpaceInput, domain.reopenSpace, [spaceHome, mySpaces]);
