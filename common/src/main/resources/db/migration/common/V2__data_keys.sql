-- In every service's schema: the keys under which the service seals what it stores, wrapped by the master key of
-- keys/master.key. Of several versions the newest seals; the older ones open what a rotation has not reached yet.
create table data_key (
    workspace_id bigint not null,
    version integer not null,
    master_key_id varchar(64) not null,
    wrapped bytea not null,
    created_at timestamp with time zone not null default clock_timestamp(),
    constraint data_key_pk primary key (workspace_id, version)
);
