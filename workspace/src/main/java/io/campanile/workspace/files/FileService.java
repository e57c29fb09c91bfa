package io.campanile.workspace.files;

import static java.util.Objects.requireNonNull;

import io.campanile.common.audit.Audit;
import io.campanile.common.auth.Caller;
import io.campanile.common.db.Database;
import io.campanile.common.http.ApiException;
import io.campanile.workspace.blobs.Blob;
import io.campanile.workspace.blobs.BlobErrors;
import io.campanile.workspace.blobs.BlobPage;
import io.campanile.workspace.blobs.BlobPath;
import io.campanile.workspace.blobs.BlobStore;
import io.campanile.workspace.blobs.Expected;
import io.campanile.workspace.volumes.Privilege;
import io.campanile.workspace.volumes.Volume;
import io.campanile.workspace.volumes.VolumeAccess;
import io.campanile.workspace.volumes.VolumeService;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** The rules of files: who may, what is where, and that every change is in the audit log. Blocking. */
public final class FileService {
    private final BlobStore blobs;
    private final VolumeAccess access;
    private final VolumeService volumes;
    private final Database database;

    public FileService(BlobStore blobs, VolumeAccess access, VolumeService volumes, Database database) {
        this.blobs = requireNonNull(blobs, "blobs");
        this.access = requireNonNull(access, "access");
        this.volumes = requireNonNull(volumes, "volumes");
        this.database = requireNonNull(database, "database");
    }

    /** Changes to files cannot be rolled back: they come last in the transaction that writes them down. */
    private interface Change<T> {
        T make() throws IOException;
    }

    /** What is at a path. */
    public Optional<Blob> find(Caller caller, BlobPath asked) {
        BlobPath path = VolumeAccess.canonical(asked);
        access.require(caller, path, Privilege.READ_VOLUME);
        if (VolumeAccess.isAbove(path) || path.isRoot()) {
            return Optional.of(folder(path));
        }
        return BlobErrors.guard(() -> blobs.find(caller.workspaceId(), path));
    }

    public Blob stat(Caller caller, BlobPath path) {
        return find(caller, path).orElseThrow(() -> BlobErrors.missing(path));
    }

    /** Entries of a folder that is there; of the schema's folder, the volumes the caller may know of. */
    public BlobPage list(Caller caller, BlobPath asked, @Nullable String after, int limit) {
        BlobPath path = VolumeAccess.canonical(asked);
        access.require(caller, path, Privilege.READ_VOLUME);
        if (!VolumeAccess.isAbove(path)) {
            return BlobErrors.guard(() -> blobs.list(caller.workspaceId(), path, after, limit));
        }
        if (path.depth() < 3) {
            String only = path.depth() == 1 ? Volume.CATALOG : Volume.SCHEMA;
            return new BlobPage(after == null ? List.of(folder(path.child(only))) : List.of(), null);
        }
        List<String> names = volumes.names(caller, after, limit + 1);
        List<Blob> page = names.stream()
                .limit(limit)
                .map(name -> folder(path.child(name)))
                .toList();
        return new BlobPage(page, names.size() > limit ? names.get(limit - 1) : null);
    }

    /** Bytes of a file that {@link #stat} found for this caller. */
    public InputStream read(Caller caller, Blob blob, long from, long length) throws IOException {
        return blobs.read(caller.workspaceId(), blob, from, length);
    }

    /** Refuses early what {@link #place} would refuse after the content has come. */
    public void requirePlace(Caller caller, BlobPath asked, Expected expected) {
        BlobPath path = writable(caller, asked);
        Optional<Blob> there = BlobErrors.guard(() -> blobs.find(caller.workspaceId(), path));
        if (there.filter(Blob::folder).isPresent()) {
            throw ApiException.invalid("The path " + path + " is a folder, not a file");
        }
        if (expected instanceof Expected.Nothing && there.isPresent()) {
            throw new ApiException(
                    io.campanile.common.http.ErrorCode.RESOURCE_ALREADY_EXISTS, "The path " + path + " already exists");
        }
    }

    /** Makes a content the file at a path; {@code with} is done in the same transaction. */
    public Blob place(Caller caller, BlobPath asked, Path content, Expected expected, Consumer<DSLContext> with) {
        return place(caller, asked, content, expected, UUID.randomUUID().toString(), with);
    }

    /** Like the other; asked again under the same {@code mark}, it is not in its own way. */
    Blob place(Caller caller, BlobPath asked, Path content, Expected expected, String mark, Consumer<DSLContext> with) {
        BlobPath path = writable(caller, asked);
        BlobStore.Placing placing = BlobErrors.guard(() -> blobs.prepare(caller.workspaceId(), path, content, mark));
        try {
            long size = BlobErrors.guard(() -> java.nio.file.Files.size(content));
            return changing(caller, path, Map.of("size", size), with, () -> placing.commit(expected));
        } finally {
            placing.abort();
        }
    }

    /** The file at a path, if it was placed under this mark. */
    Optional<Blob> marked(Caller caller, BlobPath asked, String mark) {
        BlobPath path = writable(caller, asked);
        return BlobErrors.guard(() -> blobs.marked(caller.workspaceId(), path, mark));
    }

    public void makeFolders(Caller caller, BlobPath asked) {
        BlobPath path = VolumeAccess.canonical(asked);
        if (path.isRoot()) {
            return;
        }
        access.require(caller, path, Privilege.WRITE_VOLUME);
        changing(caller, path, Map.of(), tx -> {}, () -> {
            blobs.makeFolders(caller.workspaceId(), path);
            return true;
        });
    }

    /** Deletes a file that is there. */
    public void deleteFile(Caller caller, BlobPath asked, Expected expected) {
        BlobPath path = writable(caller, asked);
        boolean deleted = changing(
                caller, path, Map.of(), tx -> {}, () -> blobs.deleteFile(caller.workspaceId(), path, expected));
        if (!deleted) {
            throw BlobErrors.missing(path);
        }
    }

    /** Deletes a folder that is there. */
    public void deleteFolder(Caller caller, BlobPath asked, boolean recursive) {
        BlobPath path = writable(caller, asked);
        Blob there = stat(caller, path);
        if (!there.folder()) {
            throw ApiException.invalid("The path " + path + " is a file, not a folder");
        }
        changing(caller, path, Map.of("recursive", recursive), tx -> {}, () -> {
            blobs.deleteFolder(caller.workspaceId(), path, recursive);
            return true;
        });
    }

    /** Gives a file or folder another place, where nothing is yet. */
    public void move(Caller caller, BlobPath askedFrom, BlobPath askedTo) {
        BlobPath from = writable(caller, askedFrom);
        BlobPath to = writable(caller, askedTo);
        stat(caller, from);
        if (to.startsWith(from)) {
            throw ApiException.invalid("The path " + from + " cannot be moved to itself or into itself");
        }
        changing(caller, from, Map.of("to", to.toString()), tx -> {}, () -> {
            blobs.move(caller.workspaceId(), from, to);
            return true;
        });
    }

    /** Like the other, to a folder that is there; a file may replace one. Asked again under {@code mark}, it goes on. */
    void move(Caller caller, BlobPath askedFrom, BlobPath askedTo, Expected expected, String mark) {
        BlobPath from = writable(caller, askedFrom);
        BlobPath to = writable(caller, askedTo);
        access.require(caller, from, Privilege.READ_VOLUME);
        if (to.startsWith(from)) {
            throw ApiException.invalid("The path " + from + " cannot be moved to itself or into itself");
        }
        if (find(caller, to.parent()).filter(Blob::folder).isEmpty()) {
            throw BlobErrors.missing(to.parent());
        }
        changing(caller, from, Map.of("to", to.toString()), tx -> {}, () -> {
            blobs.move(caller.workspaceId(), from, to, expected, mark);
            return true;
        });
    }

    /** Makes another file of the same content, in the place of one that may be there. */
    void copy(Caller caller, BlobPath askedFrom, BlobPath askedTo, String mark) {
        BlobPath from = VolumeAccess.canonical(askedFrom);
        BlobPath to = writable(caller, askedTo);
        access.require(caller, from, Privilege.READ_VOLUME);
        if (from.equals(to)) {
            throw ApiException.invalid("The path " + from + " cannot be copied to itself");
        }
        changing(caller, to, Map.of("from", from.toString()), tx -> {}, () -> {
            blobs.copy(caller.workspaceId(), from, to, Expected.ANYTHING, mark);
            return true;
        });
    }

    /** A path at which something can be made or changed: neither the root nor a volume itself. */
    private BlobPath writable(Caller caller, BlobPath asked) {
        BlobPath path = VolumeAccess.canonical(asked);
        access.require(caller, path, Privilege.WRITE_VOLUME);
        if (path.isRoot() || VolumeAccess.isVolume(path)) {
            throw ApiException.invalid("The path " + path + " cannot be written, moved or deleted itself");
        }
        return path;
    }

    private <T> T changing(
            Caller caller, BlobPath path, Map<String, ?> details, Consumer<DSLContext> with, Change<T> change) {
        // A bucket may take its time, or not answer at all.
        return database.inSlowTransaction(tx -> {
            Audit.record(tx, caller, "file" + path, details);
            with.accept(tx);
            return BlobErrors.guard(change::make);
        });
    }

    private static Blob folder(BlobPath path) {
        return new Blob(path, true, 0, Instant.EPOCH, "");
    }
}
