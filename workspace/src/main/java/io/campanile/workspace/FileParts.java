package io.campanile.workspace;

import static java.util.Objects.requireNonNull;

import io.campanile.common.concurrent.Blocking;
import io.campanile.common.db.Database;
import io.campanile.common.http.Endpoints;
import io.campanile.common.service.ServiceEnvironment;
import io.campanile.common.service.ServiceHttp;
import io.campanile.workspace.blobs.BlobErrors;
import io.campanile.workspace.blobs.BlobPath;
import io.campanile.workspace.blobs.BlobStore;
import io.campanile.workspace.blobs.FolderBlobs;
import io.campanile.workspace.blobs.S3Blobs;
import io.campanile.workspace.blobs.Staging;
import io.campanile.workspace.dbfs.DbfsRoutes;
import io.campanile.workspace.dbfs.DbfsService;
import io.campanile.workspace.files.DirectoryRoutes;
import io.campanile.workspace.files.FileRoutes;
import io.campanile.workspace.files.FileService;
import io.campanile.workspace.files.NodeCallers;
import io.campanile.workspace.files.NodeFileRoutes;
import io.campanile.workspace.files.NodeUploadRoutes;
import io.campanile.workspace.files.Transfers;
import io.campanile.workspace.files.UploadRoutes;
import io.campanile.workspace.files.UploadService;
import io.campanile.workspace.files.UploadStore;
import io.campanile.workspace.volumes.CatalogRoutes;
import io.campanile.workspace.volumes.GrantService;
import io.campanile.workspace.volumes.GrantStore;
import io.campanile.workspace.volumes.Principals;
import io.campanile.workspace.volumes.VolumeAccess;
import io.campanile.workspace.volumes.VolumeRoutes;
import io.campanile.workspace.volumes.VolumeService;
import io.campanile.workspace.volumes.VolumeStore;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All that has to do with files and volumes, put together. */
final class FileParts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FileParts.class);
    private static final long SWEEP_MILLIS = 60_000;
    /** Of the files that nodes ask for; what is beyond is told to come back, and does. */
    private static final int NODE_THREADS = 8;

    private static final int NODE_QUEUE = 128;

    private final Vertx vertx;
    private final BlobStore blobs;
    private final Transfers transfers;
    private final Blocking ofNodes;
    private final long timer;

    private FileParts(Vertx vertx, BlobStore blobs, Transfers transfers, Blocking ofNodes, long timer) {
        this.vertx = requireNonNull(vertx, "vertx");
        this.blobs = requireNonNull(blobs, "blobs");
        this.transfers = requireNonNull(transfers, "transfers");
        this.ofNodes = requireNonNull(ofNodes, "ofNodes");
        this.timer = timer;
    }

    /** Blocking: what a crash left half done is finished before anybody asks. */
    static FileParts mount(
            ServiceEnvironment environment,
            ServiceHttp http,
            Database database,
            Neighbours neighbours,
            WorkspaceConfig config) {
        Clock clock = environment.clock();
        Vertx vertx = environment.vertx();
        Path root = environment.dataDir().resolve("files");
        Staging staging = BlobErrors.guard(() -> new Staging(root));
        BlobStore blobs = blobs(config, root, staging);

        VolumeStore volumeStore = new VolumeStore(database);
        GrantStore grantStore = new GrantStore(database);
        VolumeAccess access = new VolumeAccess(volumeStore, grantStore);
        Principals principals = new Principals(neighbours.directory());
        VolumeService volumes = new VolumeService(volumeStore, access, principals, blobs, clock);
        FileService files = new FileService(blobs, access, volumes, database);
        UploadService uploads = new UploadService(
                new UploadStore(database), files, staging, clock, config.uploadLife(), config.fileLimit());
        Transfers transfers = new Transfers(vertx, config.transfers());
        uploads.recover();
        volumes.settleAll();

        Endpoints api = http.endpoints();
        new FileRoutes(files, transfers, staging, http.blocking(), config.fileLimit()).mount(api);
        new DirectoryRoutes(files, http.blocking()).mount(api);
        new UploadRoutes(uploads, transfers, http.blocking()).mount(api);
        new DbfsRoutes(new DbfsService(files, uploads, staging)).mount(api);
        Blocking ofNodes = new Blocking(vertx, "files-of-nodes", NODE_THREADS, NODE_QUEUE);
        NodeCallers nodes = new NodeCallers(environment.tokens(), neighbours.people());
        new NodeFileRoutes(files, nodes, transfers, staging, ofNodes, config.fileLimit()).mount(api);
        new NodeUploadRoutes(uploads, files, transfers, nodes, ofNodes).mount(api);
        new VolumeRoutes(volumes, new GrantService(grantStore, access, principals)).mount(api);
        new CatalogRoutes().mount(api);
        long timer = vertx.setPeriodic(
                SWEEP_MILLIS,
                tick -> http.blocking()
                        .call(() -> {
                            uploads.expire();
                            volumes.settleAll();
                            return true;
                        })
                        .onFailure(failure -> LOG.atWarn().setCause(failure).log("Files could not be swept")));
        return new FileParts(vertx, blobs, transfers, ofNodes, timer);
    }

    private static BlobStore blobs(WorkspaceConfig config, Path root, Staging staging) {
        BlobStore blobs = config.inBucket() ? new S3Blobs(config.s3()) : new FolderBlobs(root, staging);
        // Nodes look here before they take an empty folder for an empty workspace.
        BlobErrors.guard(
                () -> Files.write(root.resolve(".storage"), config.storage().getBytes(StandardCharsets.UTF_8)));
        return blobs;
    }

    /** Deletes every file of a workspace. */
    void erase(long workspaceId) throws IOException {
        blobs.deleteFolder(workspaceId, BlobPath.ROOT, true);
    }

    @Override
    public void close() {
        vertx.cancelTimer(timer);
        ofNodes.close();
        transfers.close();
        blobs.close();
    }
}
