-- definition: as it was given; null where a family and what it overrides stand in its place.
create table cluster_policy (
    policy_id varchar(16) not null,
    workspace_id bigint not null,
    name varchar(100) not null,
    description varchar(1000),
    definition varchar(65536),
    family_id varchar(64),
    family_overrides varchar(65536),
    libraries varchar(262144),
    max_clusters_per_user bigint,
    creator_user_id bigint not null,
    creator_user_name varchar(512) not null,
    created_at bigint not null,
    constraint cluster_policy_pk primary key (workspace_id, policy_id),
    constraint cluster_policy_name_uk unique (workspace_id, name)
);

-- As in its spec, for counting the clusters that somebody has by a policy.
alter table cluster add column policy_id varchar(16);
create index cluster_policy_ix on cluster (workspace_id, policy_id, owner_user_id);
