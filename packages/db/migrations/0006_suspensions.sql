-- Why and by whom somebody was suspended; read by the administrators of their organisation.

alter table people add column suspended_by uuid references people (id);
alter table people add column suspended_reason text not null default '';
