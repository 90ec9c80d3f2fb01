-- Spaces, the one tree of items in each, and who may do what in them.

create table spaces (
  id uuid primary key,
  organisation_id uuid not null references organisations (id),
  name text not null,
  purpose text not null default '',
  -- Grows with every access event, so that open connections are decided anew.
  access_epoch bigint not null default 1,
  -- Caller kind → capability mask; a kind that is not named has the product's default.
  ceilings jsonb not null default '{}',
  guest_offline boolean not null default true,
  quota_bytes bigint,
  archived_at timestamptz,
  created_at timestamptz not null default now(),
  created_by uuid not null references people (id)
);
create index on spaces (organisation_id);

create table items (
  id uuid primary key,
  space_id uuid not null references spaces (id),
  parent_id uuid references items (id),
  kind text not null,
  title text not null,
  -- Fractional index among siblings, compared bytewise.
  sort_key text collate "C" not null,
  -- From the item up to the nearest limited folder, or else to the organisation.
  access_path uuid[] not null,
  limited boolean not null default false,
  -- Part of the address of live edits; a new one begins when content had to be erased.
  generation integer not null default 1,
  retain_until timestamptz,
  hold boolean not null default false,
  created_at timestamptz not null default now(),
  created_by uuid not null references people (id),
  updated_at timestamptz not null default now(),
  updated_by uuid not null references people (id),
  -- On the whole trashed subtree: the item that was thrown away. Null is live.
  trash_root uuid,
  trashed_at timestamptz,
  trashed_by uuid references people (id)
);
create index on items (space_id, parent_id);
create index on items using gin (access_path);
create index on items (trash_root) where trash_root is not null;

create table grants (
  id uuid primary key,
  principal_kind text not null
    check (principal_kind in ('person', 'organisation', 'group', 'link', 'authenticated', 'public')),
  principal_id uuid,
  -- An organisation, a space or an item.
  object_id uuid not null,
  -- The space that the object lies in; null for an organisation.
  space_id uuid references spaces (id),
  mask integer not null check (mask > 0),
  not_before timestamptz,
  expires_at timestamptz,
  conditions jsonb not null default '{}',
  reason text not null default '',
  granted_by uuid references people (id),
  created_at timestamptz not null default now(),
  revoked_at timestamptz,
  revoked_by uuid references people (id),
  check ((principal_id is null) = (principal_kind in ('authenticated', 'public')))
);
create index on grants (object_id) where revoked_at is null;
create index on grants (principal_id) where revoked_at is null;
create index on grants (space_id) where revoked_at is null;
-- One live grant per principal and object: changing a role changes the row.
create unique index on grants (object_id, principal_kind, principal_id) nulls not distinct where revoked_at is null;

-- The only "no": a person is kept out of a space whatever else is granted.
create table blocks (
  space_id uuid not null references spaces (id),
  person_id uuid not null references people (id),
  reason text not null,
  blocked_by uuid not null references people (id),
  created_at timestamptz not null default now(),
  primary key (space_id, person_id)
);

create table invitations (
  id uuid primary key,
  -- How often it was sent: each sending derives a new token and ends the one before.
  sending integer not null default 1,
  token_hash bytea not null unique,
  object_id uuid not null,
  space_id uuid not null references spaces (id),
  email text not null,
  name text not null default '',
  organisation_id uuid references organisations (id),
  organisation_name text not null default '',
  mask integer not null check (mask > 0),
  -- The end of the access that it gives; the link itself ends earlier (expires_at).
  access_until timestamptz not null,
  expires_at timestamptz not null,
  locale text not null default 'ja',
  invited_by uuid not null references people (id),
  created_at timestamptz not null default now(),
  sent_at timestamptz,
  withdrawn_at timestamptz,
  accepted_at timestamptz,
  accepted_by uuid references people (id)
);
create index on invitations (object_id);
create index on invitations (space_id);
