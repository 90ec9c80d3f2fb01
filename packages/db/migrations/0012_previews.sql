-- Beside the small picture a larger one, for whoever may see an image and not have it. Null: the small one is as large
-- as the image, or it was drawn before there were larger ones.
alter table thumbnails add column preview_id uuid references blobs (id) on delete set null;
create index on thumbnails (preview_id);
