-- The vault: what a file's bytes are, its versions, and uploads on their way.

-- Objects in the store. The object is written before its row; every object in the store has one, or is garbage.
create table blobs (
  id uuid primary key,
  -- Where it lies in the store; says nothing of what is inside.
  key text not null unique,
  -- Whose bytes these are. Null once that item has been purged: garbage from then on.
  item_id uuid references items (id) on delete set null,
  size bigint not null check (size >= 0),
  sha256 bytea not null check (octet_length(sha256) = 32),
  -- What it really is, found in the bytes, never what a browser or a name said.
  type text not null,
  created_at timestamptz not null default now(),
  -- When it was seen to be garbage. The object goes once the recovery window has passed.
  unused_since timestamptz
);
create index on blobs (item_id);
create index on blobs (unused_since) where item_id is null;

create table file_versions (
  id uuid primary key,
  item_id uuid not null references items (id) on delete cascade,
  -- From 1; the highest is what people open.
  number integer not null check (number > 0),
  -- A restored version is a new row with the bytes of the old.
  blob_id uuid not null references blobs (id),
  restored_from integer,
  label text not null default '',
  created_at timestamptz not null default now(),
  created_by uuid not null references people (id),
  unique (item_id, number)
);
create index on file_versions (blob_id);

create table uploads (
  id uuid primary key,
  space_id uuid not null references spaces (id) on delete cascade,
  -- The folder it goes into; null is the root of the space.
  parent_id uuid references items (id) on delete cascade,
  -- Set when it becomes a new version of this file.
  item_id uuid references items (id) on delete cascade,
  name text not null,
  -- Promised at the start, and reserved from the quota until it is finished or has expired.
  size bigint not null check (size >= 0),
  key text not null unique,
  stage text not null,
  received bigint not null default 0 check (received >= 0 and received <= size),
  -- Who may write: taking the pen ends the turn of the one before, on whatever node that runs.
  pen uuid,
  created_at timestamptz not null default now(),
  created_by uuid not null references people (id),
  expires_at timestamptz not null,
  -- Kept until it expires, so that an answer that was lost can be given again.
  finished_at timestamptz,
  result_id uuid references items (id) on delete cascade
);
create index on uploads (space_id) where finished_at is null;
create index on uploads (created_by) where finished_at is null;
create index on uploads (expires_at);

create table upload_parts (
  upload_id uuid not null references uploads (id) on delete cascade,
  n integer not null,
  start bigint not null,
  size bigint not null,
  tag text not null,
  primary key (upload_id, n)
);
