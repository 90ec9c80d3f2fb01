-- Organisations, their people, and how people sign in.

create table organisations (
  id uuid primary key,
  name text not null,
  kana text not null default '',
  -- A host may own spaces; a partner's people come as guests.
  host boolean not null default false,
  zone text not null default 'Asia/Tokyo',
  created_at timestamptz not null default now()
);

create table groups (
  id uuid primary key,
  organisation_id uuid not null references organisations (id),
  name text not null,
  kana text not null default '',
  sort integer not null default 0,
  ended_at timestamptz,
  created_at timestamptz not null default now()
);
create index on groups (organisation_id);

create table people (
  id uuid primary key,
  -- Normalised (NFKC, lower case). Null once the person is pseudonymised.
  email text unique,
  name text not null,
  kana text not null default '',
  password_hash text,
  locale text not null default 'ja' check (locale in ('ja', 'en')),
  theme text not null default 'system' check (theme in ('system', 'light', 'dark')),
  suspended_at timestamptz,
  deleted_at timestamptz,
  created_at timestamptz not null default now()
);

-- 兼務 and April transfers are rows, not edits. Administrators are managers of the organisation by a grant.
create table affiliations (
  id uuid primary key,
  person_id uuid not null references people (id),
  organisation_id uuid not null references organisations (id),
  group_id uuid references groups (id),
  post text not null default '',
  starts_at timestamptz not null default now(),
  ends_at timestamptz,
  created_at timestamptz not null default now()
);
create index on affiliations (person_id);
create index on affiliations (organisation_id);

-- Only the SHA-256 of a token is stored; the token lives in the person's cookie.
create table sessions (
  id uuid primary key,
  token_hash bytea not null unique,
  person_id uuid not null references people (id) on delete cascade,
  created_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  expires_at timestamptz not null,
  ends_at timestamptz not null,
  user_agent text not null default '',
  network text not null default ''
);
create index on sessions (person_id);

-- The first administrator's link. One row is live at a time; using it deletes it.
create table setup_links (
  token_hash bytea primary key,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);

-- The token is derived from ENGAWA_KEY and the id, so that the worker can write the mail; only its hash is here.
create table password_resets (
  id uuid primary key,
  person_id uuid not null references people (id) on delete cascade,
  token_hash bytea not null unique,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz
);
create index on password_resets (person_id);
