package io.campanile.workspace.objects;

import io.campanile.workspace.formats.Language;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An object as our own API shows it. */
record ObjectView(
        long objectId,
        String path,
        String name,
        ObjectType objectType,
        @Nullable Language language,
        Permission permission,
        @Nullable Long parentId,
        Instant createdAt,
        Instant modifiedAt,
        @Nullable Instant trashedAt,
        @Nullable Long size) {
    static ObjectView of(Located located, Permission permission) {
        WorkspaceObject object = located.object();
        return new ObjectView(
                object.objectId(),
                located.path().toString(),
                object.name(),
                object.type(),
                object.language(),
                permission,
                object.parentId(),
                object.createdAt(),
                object.modifiedAt(),
                located.thrownAway().map(WorkspaceObject::trashedAt).orElse(null),
                object.content() == null ? null : object.content().size());
    }
}
