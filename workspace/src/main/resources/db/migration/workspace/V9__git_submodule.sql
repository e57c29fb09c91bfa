-- The other repositories that the head of a git folder has in it, and those in them. Without a reason it was fetched, and
-- its files are among those of git_file; with one its folder is empty.
create table git_submodule (
    workspace_id bigint not null,
    repo_id bigint not null,
    git_path varchar(1024) not null,
    tree_path varchar(1024) not null,
    commit_id varchar(40) not null,
    url varchar(2048),
    reason varchar(512),
    constraint git_submodule_pk primary key (workspace_id, repo_id, git_path),
    constraint git_submodule_repo_fk foreign key (workspace_id, repo_id)
        references git_repo (workspace_id, repo_id) on delete cascade
);
