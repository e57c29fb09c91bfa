package io.campanile.workspace;

import static java.util.Objects.requireNonNull;

import io.campanile.common.concurrent.Blocking;
import io.campanile.common.db.Database;
import io.campanile.common.service.ServiceEnvironment;
import io.campanile.workspace.blobs.BlobErrors;
import io.campanile.workspace.blobs.BlobPath;
import io.campanile.workspace.blobs.BlobStore;
import io.campanile.workspace.blobs.FolderBlobs;
import io.campanile.workspace.blobs.S3Blobs;
import io.campanile.workspace.blobs.Staging;
import io.campanile.workspace.contents.ContentDeletions;
import io.campanile.workspace.contents.ContentStore;
import io.campanile.workspace.contents.Contents;
import io.campanile.workspace.files.Transfers;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Where the contents of files in the tree are kept: a folder of their own, because nodes see all of the folder of
 * volumes, and these have permissions.
 */
final class ContentParts implements AutoCloseable {
    private static final String FOLDER = "objects";
    private static final int TRANSFERS = 96;
    private static final long TICK_MILLIS = 1_000;

    private final BlobStore blobs;
    private final Transfers transfers;
    private final ContentDeletions deletions;
    private final Contents contents;

    private ContentParts(BlobStore blobs, Transfers transfers, ContentDeletions deletions, Contents contents) {
        this.blobs = requireNonNull(blobs, "blobs");
        this.transfers = requireNonNull(transfers, "transfers");
        this.deletions = requireNonNull(deletions, "deletions");
        this.contents = requireNonNull(contents, "contents");
    }

    /** Blocking: makes the folder and deletes what a crash left half-written in it. */
    static ContentParts open(
            ServiceEnvironment environment, Blocking blocking, Database database, WorkspaceConfig config) {
        Path root = environment.dataDir().resolve(FOLDER);
        Staging staging = BlobErrors.guard(() -> {
            Staging opened = new Staging(root);
            opened.sweep(name -> false);
            return opened;
        });
        BlobStore blobs =
                config.inBucket() ? new S3Blobs(config.s3().under(FOLDER + "/")) : new FolderBlobs(root, staging);
        ContentStore store = new ContentStore(database);
        Contents contents = new Contents(blobs, staging, store, environment.clock());
        return new ContentParts(
                blobs,
                new Transfers(environment.vertx(), TRANSFERS),
                new ContentDeletions(environment.vertx(), blocking, store, contents, environment.clock(), TICK_MILLIS),
                contents);
    }

    Contents contents() {
        return contents;
    }

    Transfers transfers() {
        return transfers;
    }

    /** Deletes every file of a workspace. */
    void erase(long workspaceId) throws IOException {
        blobs.deleteFolder(workspaceId, BlobPath.ROOT, true);
    }

    @Override
    public void close() {
        deletions.close();
        transfers.close();
        blobs.close();
    }
}
