-- library: canonical JSON, of which library_id is the fingerprint. policy_id: the policy that brought it; null where somebody
-- asked for it. attempt: rises when one that failed is asked for again. removed_epoch: it was taken off while its cluster ran
-- its driver of that epoch, which keeps it to its end.
create table cluster_library (
    workspace_id bigint not null,
    cluster_id varchar(64) not null,
    library_id varchar(32) not null,
    library varchar(262144) not null,
    policy_id varchar(16),
    attempt integer not null,
    removed_epoch bigint,
    added_at bigint not null,
    place integer not null,
    constraint cluster_library_pk primary key (workspace_id, cluster_id, library_id)
);

-- What a node says of itself names its libraries, with what went wrong with each.
alter table node alter column status type varchar(1048576);
