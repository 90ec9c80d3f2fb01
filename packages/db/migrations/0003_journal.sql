-- Live edits. One row per item and flush; `seq` is gapless per item and generation, taken under the head's row lock.

create table journal_heads (
  item uuid not null references items (id) on delete cascade,
  generation integer not null,
  seq bigint not null default 0,
  primary key (item, generation)
) with (fillfactor = 50);

create table journal_rows (
  item uuid not null,
  generation integer not null,
  seq bigint not null,
  -- Packed (author, update) pairs, and their CRC-32: a damaged row must not be mistaken for text.
  updates bytea not null,
  checksum bigint not null,
  at timestamptz not null default now(),
  primary key (item, generation, seq),
  foreign key (item, generation) references journal_heads (item, generation) on delete cascade
);
-- Encoded edits hardly compress, and trying to costs time on every flush.
alter table journal_rows alter column updates set storage external;

-- The merged state up to and including `seq`, in Yjs' V2 encoding. The newest two of a generation are kept.
create table journal_snapshots (
  item uuid not null,
  generation integer not null,
  seq bigint not null,
  state bytea not null,
  sha256 bytea not null,
  at timestamptz not null default now(),
  primary key (item, generation, seq),
  foreign key (item, generation) references journal_heads (item, generation) on delete cascade
);

-- A Yjs client id belongs to the first person who wrote with it: their offline edits pass, another's forgery does not.
create table client_leases (
  item uuid not null references items (id) on delete cascade,
  generation integer not null,
  client_id bigint not null,
  person uuid not null references people (id),
  at timestamptz not null default now(),
  primary key (item, generation, client_id)
);
