create sequence tree_object_id_seq start with 1000;

-- The root of a workspace is the row without a parent. A home folder bears its owner; nothing else does.
create table tree_object (
    workspace_id bigint not null,
    object_id bigint not null,
    parent_id bigint,
    name varchar(256) not null,
    object_type varchar(16) not null,
    language varchar(16),
    owner_user_id bigint,
    created_at timestamp with time zone not null,
    modified_at timestamp with time zone not null,
    trashed_at timestamp with time zone,
    trash_root_id bigint,
    constraint tree_object_pk primary key (workspace_id, object_id),
    constraint tree_object_parent_fk foreign key (workspace_id, parent_id) references tree_object (workspace_id, object_id),
    constraint tree_object_type_ck check (object_type in ('DIRECTORY', 'NOTEBOOK')),
    constraint tree_object_language_ck check ((object_type = 'NOTEBOOK') = (language is not null)),
    constraint tree_object_trash_ck check ((trashed_at is null) = (trash_root_id is null))
);
create unique index tree_object_name_uk on tree_object (workspace_id, parent_id, name) where trashed_at is null;
create unique index tree_object_root_uk on tree_object (workspace_id) where parent_id is null;
create unique index tree_object_home_uk on tree_object (workspace_id, owner_user_id) where owner_user_id is not null;
create index tree_object_parent_ix on tree_object (workspace_id, parent_id);
create index tree_object_trash_ix on tree_object (trashed_at) where trashed_at is not null;

-- Documents to be deleted at the notebook service. A row is also written before a document is made, due later, and
-- taken away with the entry's insertion: what a crash leaves between the two is cleaned up.
create table document_deletion (
    workspace_id bigint not null,
    object_id bigint not null,
    user_id bigint not null,
    user_name varchar(256) not null,
    attempts integer not null,
    due_at timestamp with time zone not null,
    constraint document_deletion_pk primary key (workspace_id, object_id)
);
create index document_deletion_due_ix on document_deletion (due_at);

-- When a user last opened a notebook.
create table visit (
    workspace_id bigint not null,
    user_id bigint not null,
    object_id bigint not null,
    visited_at timestamp with time zone not null,
    constraint visit_pk primary key (workspace_id, user_id, object_id),
    constraint visit_object_fk foreign key (workspace_id, object_id)
        references tree_object (workspace_id, object_id) on delete cascade
);
create index visit_object_ix on visit (workspace_id, object_id);

-- The first notebook of each user: its id is kept before it is made, and the row stays when the user deletes it.
create table getting_started (
    workspace_id bigint not null,
    user_id bigint not null,
    object_id bigint not null,
    seeded_at timestamp with time zone,
    constraint getting_started_pk primary key (workspace_id, user_id)
);
