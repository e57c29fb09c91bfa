-- Texts are not jsonb: what people type may hold NUL and unpaired surrogates, which jsonb refuses (StoredText escapes them).
create table notebook (
    workspace_id bigint not null,
    notebook_id  bigint not null,
    language     varchar(16) not null,
    revision     bigint not null,
    created_at   timestamptz not null,
    modified_at  timestamptz not null,
    constraint notebook_pk primary key (workspace_id, notebook_id)
);

create table notebook_cell (
    workspace_id bigint not null,
    notebook_id  bigint not null,
    cell_id      varchar(64) not null,
    type         varchar(16) not null,
    lang         varchar(16),
    pos          varchar(256) not null,
    ver          bigint not null,
    ver_floor    bigint not null,
    deleted      boolean not null,
    src          text not null,
    meta         text not null,
    constraint notebook_cell_pk primary key (workspace_id, notebook_id, cell_id),
    constraint notebook_cell_notebook_fk foreign key (workspace_id, notebook_id)
        references notebook (workspace_id, notebook_id) on delete cascade
);

create table notebook_op (
    workspace_id bigint not null,
    notebook_id  bigint not null,
    revision     bigint not null,
    cid          varchar(64) not null,
    seq          bigint not null,
    actor        varchar(512) not null,
    at           timestamptz not null,
    kind         varchar(16) not null,
    cell_id      varchar(64),
    ver          bigint,
    refusal      text,
    op           text not null,
    constraint notebook_op_pk primary key (workspace_id, notebook_id, revision),
    constraint notebook_op_client_uk unique (workspace_id, notebook_id, cid, seq),
    constraint notebook_op_notebook_fk foreign key (workspace_id, notebook_id)
        references notebook (workspace_id, notebook_id) on delete cascade
);
create index notebook_op_cell_ix on notebook_op (workspace_id, notebook_id, cell_id, ver);

create table notebook_snapshot (
    workspace_id bigint not null,
    notebook_id  bigint not null,
    revision     bigint not null,
    at           timestamptz not null,
    language     varchar(16) not null,
    cells        text not null,
    constraint notebook_snapshot_pk primary key (workspace_id, notebook_id, revision),
    constraint notebook_snapshot_notebook_fk foreign key (workspace_id, notebook_id)
        references notebook (workspace_id, notebook_id) on delete cascade
);

create table attachment (
    workspace_id  bigint not null,
    notebook_id   bigint not null,
    attachment_id varchar(64) not null,
    media_type    varchar(64) not null,
    bytes         bigint not null,
    created_by    varchar(512) not null,
    created_at    timestamptz not null,
    constraint attachment_pk primary key (workspace_id, notebook_id, attachment_id),
    constraint attachment_notebook_fk foreign key (workspace_id, notebook_id)
        references notebook (workspace_id, notebook_id) on delete cascade
);
