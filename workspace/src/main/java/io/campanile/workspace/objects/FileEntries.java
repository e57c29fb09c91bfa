package io.campanile.workspace.objects;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.workspace.blobs.BlobErrors;
import io.campanile.workspace.contents.Content;
import io.campanile.workspace.contents.ContentGoneException;
import io.campanile.workspace.contents.Contents;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Entries of type FILE: the content first, then the row that refers to it. Blocking. */
public final class FileEntries {
    static final long MAX_BYTES = 500L * 1024 * 1024;
    private static final int LOOKS = 4;

    private final ObjectStore store;
    private final FileStore files;
    private final Contents contents;
    private final Clock clock;

    public FileEntries(ObjectStore store, FileStore files, Contents contents, Clock clock) {
        this.store = requireNonNull(store, "store");
        this.files = requireNonNull(files, "files");
        this.contents = requireNonNull(contents, "contents");
        this.clock = requireNonNull(clock, "clock");
    }

    /** A place for a content on its way; the caller of this deletes what is left of it. */
    Path draft() {
        return contents.draft();
    }

    /** Bytes that are in memory already, as a draft. */
    Path draft(byte[] content) {
        Path draft = contents.draft();
        BlobErrors.guard(() -> Files.write(draft, content));
        return draft;
    }

    /** Deletes what is left of a draft. */
    static void discard(Path draft) {
        BlobErrors.guard(() -> Files.deleteIfExists(draft));
    }

    /** Makes a file of a draft in {@code folder}. */
    Located create(Caller caller, Located folder, String name, Path draft) {
        requireSize(draft);
        long objectId = store.nextId();
        Content content = contents.put(caller.workspaceId(), objectId, draft);
        boolean made = false;
        try {
            WorkspaceObject file = WorkspaceObject.file(
                    caller.workspaceId(), objectId, folder.object().objectId(), name, content, now());
            switch (files.insert(caller, folder, file)) {
                case DONE -> made = true;
                case NO_PARENT -> throw Tree.noParent(folder.path());
                case NAME_TAKEN ->
                    throw Tree.taken(
                            folder,
                            name,
                            store.alike(caller.workspaceId(), folder.object().objectId(), name));
            }
            return folder.with(file);
        } finally {
            if (!made) {
                contents.abandon(caller.workspaceId(), List.of(content));
            }
        }
    }

    /** Gives a file another content; with {@code expected} (an etag) only when that is the one it has. */
    void replace(Caller caller, Located file, Path draft, @Nullable String expected) {
        requireSize(draft);
        long objectId = file.object().objectId();
        requireTag(file, expected);
        Content content = contents.put(caller.workspaceId(), objectId, draft);
        FileStore.Replaced replaced = FileStore.Replaced.GONE;
        try {
            replaced = files.replace(caller, objectId, content, expected, now());
        } finally {
            if (replaced != FileStore.Replaced.DONE) {
                contents.abandon(caller.workspaceId(), List.of(content));
            }
        }
        switch (replaced) {
            case DONE -> {}
            case CHANGED -> throw changed(objectId);
            case GONE -> throw Tree.missing(objectId);
        }
    }

    /** Refuses early what {@link #replace} would refuse after the content has come. */
    static void requireTag(Located file, @Nullable String expected) {
        if (expected != null && !requireNonNull(file.object().content()).etag().equals(expected)) {
            throw changed(file.object().objectId());
        }
    }

    /** Bytes of a file that was looked up, and the content they are of: another one when it was replaced meanwhile. */
    Opened open(Located file) {
        return BlobErrors.guard(() -> {
            WorkspaceObject object = file.object();
            for (int look = 1; ; look++) {
                Content content = requireNonNull(object.content());
                try {
                    return new Opened(object, content, part(object, content, 0, content.size()));
                } catch (ContentGoneException e) {
                    if (look == LOOKS) {
                        throw e;
                    }
                    long objectId = object.objectId();
                    object = store.locate(object.workspaceId(), objectId)
                            .filter(Located::isLive)
                            .orElseThrow(() -> Tree.missing(objectId))
                            .object();
                }
            }
        });
    }

    /** Some bytes of a content. */
    InputStream part(WorkspaceObject object, Content content, long from, long length) throws IOException {
        return contents.open(object.workspaceId(), object.objectId(), content, from, length);
    }

    /** A content being read. */
    record Opened(WorkspaceObject object, Content content, InputStream bytes) {}

    private static void requireSize(Path draft) {
        if (BlobErrors.guard(() -> Files.size(draft)) > MAX_BYTES) {
            throw new ApiException(
                    ErrorCode.REQUEST_TOO_LARGE,
                    "content has more than " + MAX_BYTES + " bytes, which a file may have");
        }
    }

    private static ApiException changed(long objectId) {
        return new ApiException(
                ErrorCode.PRECONDITION_FAILED, "Object " + objectId + " does not have the content that was expected");
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
