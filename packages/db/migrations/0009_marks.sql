-- What a person keeps for themself: stars, and what they last opened. Nobody else reads these.

create table favourites (
  person_id uuid not null references people (id) on delete cascade,
  -- A space or an item; whether it may be seen is asked when it is listed.
  object_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (person_id, object_id)
);

-- When the person last had the item before them: what they opened lately, and what changed since.
create table visits (
  person_id uuid not null references people (id) on delete cascade,
  item_id uuid not null references items (id) on delete cascade,
  at timestamptz not null default now(),
  primary key (person_id, item_id)
);
create index on visits (person_id, at desc);
create index on visits (item_id);
