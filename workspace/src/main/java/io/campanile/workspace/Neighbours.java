package io.campanile.workspace;

import static java.util.Objects.requireNonNull;

import io.campanile.common.directory.Directory;
import io.campanile.common.directory.HttpDirectory;
import io.campanile.common.directory.HttpPersonRights;
import io.campanile.common.directory.PersonRights;
import io.campanile.common.http.InternalClient;
import io.campanile.common.service.ServiceEnvironment;
import io.campanile.common.spool.SpoolFolder;
import io.campanile.workspace.blobs.BlobErrors;
import io.campanile.workspace.notebooks.HttpNotebookClient;
import io.campanile.workspace.notebooks.NotebookClient;

/** The other services, as the workspace service needs them. */
record Neighbours(NotebookClient documents, Directory directory, PersonRights people) {
    Neighbours {
        requireNonNull(documents, "documents");
        requireNonNull(directory, "directory");
        requireNonNull(people, "people");
    }

    /** Blocking: what an earlier process left half-written goes. */
    static Neighbours over(ServiceEnvironment environment, String name) {
        SpoolFolder spools = BlobErrors.guard(
                () -> new SpoolFolder(environment.dataDir().resolve("spool").resolve(name)));
        InternalClient identity = environment.client("identity");
        return new Neighbours(
                new HttpNotebookClient(environment.client("notebook-service"), spools::next),
                new HttpDirectory(identity, name),
                new HttpPersonRights(identity, name));
    }
}
