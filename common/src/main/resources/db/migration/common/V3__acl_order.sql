-- Clients compare what they read with what they set: grants keep the order in which they were given.
alter table object_acl add column position integer not null default 0;

-- How often a workspace's access lists changed, or what hangs on them: those who remember a decision ask for this number.
create table acl_change (
    workspace_id bigint not null,
    changes bigint not null,
    constraint acl_change_pk primary key (workspace_id)
);
