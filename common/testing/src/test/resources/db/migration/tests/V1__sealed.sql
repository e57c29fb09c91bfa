create table sealed (
    workspace_id bigint not null,
    name varchar(64) not null,
    value bytea not null,
    constraint sealed_pk primary key (workspace_id, name)
);
