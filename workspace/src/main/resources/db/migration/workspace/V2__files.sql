-- Volumes of the schema main.default. What changes a name or ends a volume is written down before its files are moved,
-- so that whoever finds it half done can finish it.
create table volume (
    workspace_id bigint not null,
    volume_id varchar(36) not null,
    name varchar(255) not null,
    comment text,
    owner_id bigint not null,
    owner_name varchar(256) not null,
    created_by varchar(256) not null,
    created_at timestamp with time zone not null,
    updated_by varchar(256) not null,
    updated_at timestamp with time zone not null,
    state varchar(16) not null,
    moving_from varchar(255),
    constraint volume_pk primary key (workspace_id, volume_id),
    constraint volume_name_uk unique (workspace_id, name),
    constraint volume_state_ck check (state in ('ACTIVE', 'MOVING', 'DELETING')),
    constraint volume_moving_ck check ((state = 'MOVING') = (moving_from is not null))
);

create sequence file_upload_id_seq start with 1000;

-- Contents that arrive in parts: handles of the DBFS API and resumable uploads. The bytes are in the staging folder
-- under the id; those beyond "received" were never acknowledged.
create table file_upload (
    workspace_id bigint not null,
    upload_id bigint not null,
    user_id bigint not null,
    kind varchar(16) not null,
    path varchar(1024) not null,
    overwrite boolean not null,
    if_match varchar(128),
    size bigint,
    received bigint not null,
    created_at timestamp with time zone not null,
    expires_at timestamp with time zone not null,
    constraint file_upload_pk primary key (workspace_id, upload_id),
    constraint file_upload_kind_ck check (kind in ('DBFS', 'SESSION'))
);
create index file_upload_expiry_ix on file_upload (expires_at);
create index file_upload_user_ix on file_upload (workspace_id, user_id);
