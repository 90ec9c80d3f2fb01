-- What runs now, each process with its numbers, written anew every few seconds by itself. Nothing here is worth a disk
-- write or a place in a backup: unlogged, and empty after a crash until the living have written again.
create unlogged table nodes (
  id uuid primary key,
  -- web, sync, worker: what this process does.
  roles text[] not null,
  host text not null,
  version text not null,
  began_at timestamptz not null,
  seen_at timestamptz not null default now(),
  figures jsonb not null
);

-- Backups that were finished: when, and how much is in them.
create table backups (
  id uuid primary key,
  -- The moment the database is as of.
  point timestamptz not null,
  finished_at timestamptz not null default now(),
  files bigint not null,
  bytes bigint not null,
  -- Files that the store did not have as they were written.
  missing integer not null
);
