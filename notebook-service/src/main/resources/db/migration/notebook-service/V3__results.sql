-- Tables that runs made: the rows are in an Arrow file of the same id, this says whose it is and what is in it.
create table stored_result (
    workspace_id bigint not null,
    result_id varchar(36) not null,
    notebook_id bigint not null,
    run_id bigint not null,
    columns text not null,
    batches text not null,
    row_count bigint not null,
    bytes bigint not null,
    truncated boolean not null,
    created_at timestamptz not null,
    constraint stored_result_pk primary key (workspace_id, result_id)
);
create index stored_result_notebook_ix on stored_result (workspace_id, notebook_id);
create index stored_result_created_ix on stored_result (created_at);
