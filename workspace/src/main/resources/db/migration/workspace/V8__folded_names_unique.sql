-- No two live names of a folder differ by capitals alone. Of those that did before, all but the oldest have their id
-- behind a '/' after the folded name, until they are moved or renamed: no name has a '/', so nothing else is in their way.
alter table tree_object alter column folded_name set not null;
create unique index tree_object_folded_name_uk on tree_object (workspace_id, parent_id, folded_name)
    where trashed_at is null;
