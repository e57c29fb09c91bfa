-- Workspaces that identity has deleted: nothing of theirs starts any more.
create table closed_workspace (
    workspace_id bigint not null,
    closed_at bigint not null,
    constraint closed_workspace_pk primary key (workspace_id)
);
