import * as v from 'valibot';
import { Id } from './ids.ts';
import { ROLE_NAMES } from './roles.ts';
import { line } from './texts.ts';

export const RoleName = v.picklist(ROLE_NAMES, 'role.unknown');

/** The end of an access: an instant, always in the future. */
export const Until = v.pipe(
  v.union([
    v.date(),
    v.pipe(
      v.string(),
      v.isoTimestamp(),
      v.transform((text) => new Date(text)),
    ),
  ]),
  v.date('until.invalid'),
  v.check((date) => date.getTime() > Date.now(), 'until.past'),
  v.check((date) => date.getTime() < Date.now() + 10 * 366 * 86_400_000, 'until.too_far'),
);

export const GrantInput = v.object({
  objectId: Id,
  principal: v.object({ kind: v.picklist(['person', 'organisation', 'group']), id: Id }),
  role: RoleName,
  until: v.optional(v.nullable(Until)),
});

export const ChangeGrantInput = v.object({
  grantId: Id,
  role: v.optional(RoleName),
  until: v.optional(v.nullable(Until)),
});

export const RevokeGrantInput = v.object({ grantId: Id });

export const BlockInput = v.object({
  spaceId: Id,
  personId: Id,
  reason: line('reason', 500),
});

export const UnblockInput = v.object({ spaceId: Id, personId: Id });

/** Grants to guests end by themselves unless somebody says when. */
export const GUEST_DAYS = 90;
