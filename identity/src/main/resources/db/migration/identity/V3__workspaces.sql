-- What the account API keeps of a workspace beside its names, as it was given: tags, region, tier.
alter table workspace add column settings jsonb;

-- Deleted workspaces of which the cluster manager has not said yet that nothing runs any more.
create table workspace_closing (
    workspace_id bigint not null,
    closed_at timestamp with time zone not null,
    attempts integer not null,
    next_attempt_at timestamp with time zone not null,
    constraint workspace_closing_pk primary key (workspace_id),
    constraint workspace_closing_workspace_fk foreign key (workspace_id) references workspace (workspace_id)
);
create index workspace_closing_due_ix on workspace_closing (next_attempt_at);
