-- Git folders. What is in one are ordinary objects below it. The commits lie in the data folder, in
-- git/<workspace>/<repo>: these rows say which of them count, so that a crash leaves nothing but objects nobody names.
alter table tree_object drop constraint tree_object_type_ck;
alter table tree_object add constraint tree_object_type_ck
    check (object_type in ('DIRECTORY', 'NOTEBOOK', 'FILE', 'REPO'));

-- Without a branch the folder stands at a tag; without a head nothing was ever committed. "merging" is the commit that
-- is being merged while conflicts are open. The last two say for whom the files were written.
create table git_repo (
    workspace_id bigint not null,
    repo_id bigint not null,
    url varchar(2048) not null,
    provider varchar(64) not null,
    branch varchar(255),
    head_commit varchar(40),
    merging varchar(40),
    user_id bigint not null,
    user_name varchar(256) not null,
    constraint git_repo_pk primary key (workspace_id, repo_id),
    constraint git_repo_object_fk foreign key (workspace_id, repo_id)
        references tree_object (workspace_id, object_id) on delete cascade
);

-- Branches of the folder, with what was committed and perhaps not pushed.
create table git_branch (
    workspace_id bigint not null,
    repo_id bigint not null,
    name varchar(255) not null,
    commit_id varchar(40) not null,
    constraint git_branch_pk primary key (workspace_id, repo_id, name),
    constraint git_branch_repo_fk foreign key (workspace_id, repo_id)
        references git_repo (workspace_id, repo_id) on delete cascade
);

-- The files of the head and the objects they became. A file has the content it was given; a notebook the digest of what
-- it was written as, and none while its document has yet to be written: whoever finds that does it.
create table git_file (
    workspace_id bigint not null,
    repo_id bigint not null,
    git_path varchar(1024) not null,
    object_id bigint not null,
    tree_path varchar(1024) not null,
    blob_id varchar(40) not null,
    mode integer not null,
    content_id bigint,
    written_id varchar(40),
    constraint git_file_pk primary key (workspace_id, repo_id, git_path),
    constraint git_file_repo_fk foreign key (workspace_id, repo_id)
        references git_repo (workspace_id, repo_id) on delete cascade
);

-- Files a merge could not decide on. Resolved without a blob means that the file goes.
create table git_conflict (
    workspace_id bigint not null,
    repo_id bigint not null,
    git_path varchar(1024) not null,
    resolved boolean not null,
    blob_id varchar(40),
    constraint git_conflict_pk primary key (workspace_id, repo_id, git_path),
    constraint git_conflict_repo_fk foreign key (workspace_id, repo_id)
        references git_repo (workspace_id, repo_id) on delete cascade
);

-- Credentials of a person for a provider of git; one of them is used where none is named.
create sequence git_credential_id_seq start with 1000;
create table git_credential (
    workspace_id bigint not null,
    credential_id bigint not null,
    user_id bigint not null,
    provider varchar(64) not null,
    name varchar(256) not null,
    username varchar(256),
    email varchar(256),
    is_default boolean not null,
    key_version integer not null,
    sealed bytea not null,
    constraint git_credential_pk primary key (workspace_id, credential_id),
    constraint git_credential_name_uk unique (workspace_id, user_id, provider, name)
);
create unique index git_credential_default_uk on git_credential (workspace_id, user_id, provider) where is_default;
create index git_credential_key_version_ix on git_credential (workspace_id, key_version);
