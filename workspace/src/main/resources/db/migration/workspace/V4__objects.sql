-- Entries of type FILE. A content is written once under a number of its own and never changed: another content of the
-- same file has another number, and the row says which one counts.
create sequence file_content_id_seq start with 1;
alter table tree_object add column content_id bigint;
alter table tree_object add column size bigint;
-- Set on the top of a subtree that is being removed for good, piece by piece: nothing in it can be found any more.
alter table tree_object add column removing boolean default false not null;
alter table tree_object drop constraint tree_object_type_ck;
alter table tree_object add constraint tree_object_type_ck check (object_type in ('DIRECTORY', 'NOTEBOOK', 'FILE'));
alter table tree_object add constraint tree_object_content_ck
    check ((object_type = 'FILE') = (content_id is not null) and (content_id is null) = (size is null));
alter table tree_object add constraint tree_object_removing_ck check (not removing or trashed_at is not null);
create index tree_object_page_ix on tree_object (workspace_id, parent_id, object_type, name);
create index tree_object_trash_root_ix on tree_object (workspace_id, trash_root_id);
create index tree_object_removing_ix on tree_object (removing);

-- Contents to be deleted from the store. A row is also written before a content is, due later, and taken away with the
-- row that refers to it: what a crash leaves between the two is cleaned up.
create table content_deletion (
    workspace_id bigint not null,
    object_id bigint not null,
    content_id bigint not null,
    attempts integer not null,
    due_at timestamp with time zone not null,
    constraint content_deletion_pk primary key (workspace_id, content_id)
);
create index content_deletion_due_ix on content_deletion (due_at);

-- What a file had that its notebook has no place for, so that an export gives it back. Deleted with the document.
create table notebook_trimming (
    workspace_id bigint not null,
    object_id bigint not null,
    trimmings text not null,
    constraint notebook_trimming_pk primary key (workspace_id, object_id)
);

-- [jooq ignore start]
drop index tree_object_removing_ix;
create index tree_object_removing_ix on tree_object (workspace_id, object_id) where removing;

-- Names are kept in the composed form from now on; one that would meet its sibling that way stays as it is.
update tree_object o set name = normalize(name, nfc)
where name is not nfc normalized
    and not exists (
        select 1 from tree_object s
        where s.workspace_id = o.workspace_id and s.parent_id = o.parent_id and s.object_id <> o.object_id
            and normalize(s.name, nfc) = normalize(o.name, nfc) and s.trashed_at is null);

-- What a search looks at: the name without accents and capitals. The extension is made by the launcher, because the
-- role of this service may not.
create extension if not exists pg_trgm with schema public;
alter table tree_object add column search_name text collate "C" generated always as (
    lower(regexp_replace(normalize(name, nfd), '[\u0300-\u036f]', '', 'g') collate "pg_c_utf8") collate "C") stored;
create index tree_object_search_ix on tree_object using gin (search_name public.gin_trgm_ops);
create index tree_object_search_order_ix on tree_object (workspace_id, search_name, object_id);

-- The folder of git folders, in workspaces from before it.
insert into tree_object (workspace_id, object_id, parent_id, name, object_type, created_at, modified_at)
select root.workspace_id, nextval('tree_object_id_seq'), root.object_id, 'Repos', 'DIRECTORY', now(), now()
from tree_object root
where root.parent_id is null
on conflict do nothing;
-- [jooq ignore stop]
