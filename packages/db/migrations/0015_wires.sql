-- What a page that opens an item is sent: the state of its newest snapshot in the encoding of the wire (Yjs V1), which
-- the server hands out without decoding it. May be emptied at any time; until the next snapshot, opening takes longer.
create table journal_wires (
  item uuid not null,
  generation integer not null,
  seq bigint not null,
  state bytea not null,
  -- CRC-32: what is broken is not handed out.
  checksum bigint not null,
  primary key (item, generation),
  foreign key (item, generation) references journal_heads (item, generation) on delete cascade
);
-- Read whole, by somebody who waits for it.
alter table journal_wires alter column state set storage external;
