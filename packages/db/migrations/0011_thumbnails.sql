-- Small pictures of images, drawn by the worker. Both sides are blobs, so the garbage collector knows them.
create table thumbnails (
  -- The bytes that are shown small.
  blob_id uuid primary key references blobs (id) on delete cascade,
  picture_id uuid references blobs (id) on delete cascade,
  -- Why there is none and none will be drawn: too_large, too_many_pixels, broken. Null while it is being tried.
  refused text,
  -- Counted before each try, so that an image that brings the worker down does not do so for ever.
  tries smallint not null default 0,
  check (picture_id is null or refused is null)
);
create index on thumbnails (picture_id);
