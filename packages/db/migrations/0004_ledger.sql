-- Every change, once: audit log, activity feed and outbox in one table.

create table ledger (
  id uuid primary key,
  -- Given by the one sequencer after commit, with the hash of the chain.
  pos bigint unique,
  hash bytea,
  at timestamptz not null default now(),
  actor_kind text not null,
  actor_id uuid,
  on_behalf uuid,
  verb text not null,
  object_kind text not null,
  object_id uuid not null,
  space_id uuid,
  -- Ids and small numbers only: what may have to be erased stands in ledger_sides.
  ids jsonb not null default '{}',
  data jsonb not null default '{}',
  side_hash bytea,
  check ((pos is null) = (hash is null))
);
create index on ledger (id) where pos is null;
create index on ledger (space_id, at desc);
create index on ledger (object_id, at desc);

create table ledger_sides (
  ledger_id uuid primary key references ledger (id),
  salt bytea not null,
  content jsonb not null
);

create table ledger_followers (
  name text primary key,
  pos bigint not null default 0
);
