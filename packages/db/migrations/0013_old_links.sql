-- Links of invitations that were sent anew since: whoever opens one is told so. Only hashes, as for those that work.
create table invitation_old_links (
  token_hash bytea primary key,
  invitation_id uuid not null references invitations (id) on delete cascade,
  replaced_at timestamptz not null default now()
);
create index on invitation_old_links (invitation_id);
