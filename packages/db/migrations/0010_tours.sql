-- Places of the house whose one sentence of introduction the person has read or sent away.

create table tours (
  person_id uuid not null references people (id) on delete cascade,
  place text not null,
  primary key (person_id, place)
);
