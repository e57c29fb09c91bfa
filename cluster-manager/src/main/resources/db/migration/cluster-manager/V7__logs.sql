-- A log of a node: its bytes from first_offset to next_offset are files of the data folder. epoch: the start of the
-- cluster that the node was for.
create table node_log (
    workspace_id bigint not null,
    cluster_id varchar(64) not null,
    node_id varchar(64) not null,
    stream varchar(64) not null,
    epoch bigint not null,
    role varchar(16) not null,
    executor_id integer,
    first_offset bigint not null,
    next_offset bigint not null,
    first_at bigint not null,
    last_at bigint not null,
    constraint node_log_pk primary key (workspace_id, cluster_id, node_id, stream)
);

create index node_log_age_ix on node_log (last_at);

-- What was measured of a node in five minutes: samples as they came, for an hour; the mean of them for a day.
create table node_usage (
    workspace_id bigint not null,
    cluster_id varchar(64) not null,
    node_id varchar(64) not null,
    block_at bigint not null,
    epoch bigint not null,
    role varchar(16) not null,
    executor_id integer,
    memory_limit bigint not null,
    mean varchar(4096) not null,
    samples varchar(65536),
    constraint node_usage_pk primary key (workspace_id, cluster_id, node_id, block_at)
);

create index node_usage_age_ix on node_usage (block_at);
