package io.campanile.workspace;

import static java.util.Objects.requireNonNull;

import io.campanile.common.concurrent.Turns;
import io.campanile.common.db.Database;
import io.campanile.common.directory.Directory;
import io.campanile.common.http.Endpoints;
import io.campanile.common.permissions.AclStore;
import io.campanile.common.permissions.PermissionKind;
import io.campanile.common.permissions.PermissionRoutes;
import io.campanile.common.permissions.PermissionService;
import io.campanile.common.service.ServiceEnvironment;
import io.campanile.common.service.ServiceHttp;
import io.campanile.workspace.notebooks.NotebookClient;
import io.campanile.workspace.objects.ArchiveExport;
import io.campanile.workspace.objects.ArchiveImport;
import io.campanile.workspace.objects.ArchiveStore;
import io.campanile.workspace.objects.ContentRoutes;
import io.campanile.workspace.objects.DeletionStore;
import io.campanile.workspace.objects.DocumentDeletions;
import io.campanile.workspace.objects.FileEntries;
import io.campanile.workspace.objects.FileStore;
import io.campanile.workspace.objects.GettingStarted;
import io.campanile.workspace.objects.GrantStore;
import io.campanile.workspace.objects.HomeService;
import io.campanile.workspace.objects.Homes;
import io.campanile.workspace.objects.InternalRoutes;
import io.campanile.workspace.objects.ListingService;
import io.campanile.workspace.objects.ListingStore;
import io.campanile.workspace.objects.NotebookEntries;
import io.campanile.workspace.objects.ObjectRoutes;
import io.campanile.workspace.objects.ObjectService;
import io.campanile.workspace.objects.ObjectStore;
import io.campanile.workspace.objects.RepoFolders;
import io.campanile.workspace.objects.SearchRoutes;
import io.campanile.workspace.objects.SharingRoutes;
import io.campanile.workspace.objects.SharingService;
import io.campanile.workspace.objects.TransferService;
import io.campanile.workspace.objects.TrashStore;
import io.campanile.workspace.objects.Tree;
import io.campanile.workspace.objects.TrimmingStore;
import io.campanile.workspace.objects.UploadService;
import io.campanile.workspace.objects.VisitStore;
import io.campanile.workspace.objects.WorkingStore;
import io.campanile.workspace.objects.WorkingTrees;
import io.campanile.workspace.objects.WorkspaceRoutes;
import io.campanile.workspace.objects.WorkspaceTargets;
import java.time.Clock;

/** The tree of folders, notebooks and files, put together. */
final class TreeParts implements AutoCloseable {
    private static final long DELETION_TICK_MILLIS = 1_000;

    /** At a time, of one person half of them. */
    private static final int ARCHIVES = 4;
    /** One of each person, two of a workspace: the largest cell of each is in memory. */
    private static final int LARGE_NOTEBOOKS = 3;

    private final DocumentDeletions deletions;
    private final RepoFolders folders;
    private final WorkingTrees workingTrees;

    private TreeParts(DocumentDeletions deletions, RepoFolders folders, WorkingTrees workingTrees) {
        this.deletions = requireNonNull(deletions, "deletions");
        this.folders = requireNonNull(folders, "folders");
        this.workingTrees = requireNonNull(workingTrees, "workingTrees");
    }

    static TreeParts mount(
            ServiceEnvironment environment,
            ServiceHttp http,
            Database database,
            ContentParts parts,
            Neighbours neighbours) {
        NotebookClient documents = neighbours.documents();
        Directory directory = neighbours.directory();
        Clock clock = environment.clock();
        ObjectStore store = new ObjectStore(database);
        TrashStore trash = new TrashStore(database);
        DeletionStore deletionStore = new DeletionStore(database);
        VisitStore visits = new VisitStore(database);
        DocumentDeletions deletions = new DocumentDeletions(
                environment.vertx(), http.blocking(), deletionStore, trash, documents, clock, DELETION_TICK_MILLIS);
        Homes homes = new Homes(store, clock);
        GrantStore grants = new GrantStore(database);
        Tree tree = new Tree(store, grants, homes, clock);
        NotebookEntries entries = new NotebookEntries(store, deletionStore, visits, documents, clock);
        ObjectService objects = new ObjectService(tree, homes, store, grants, trash, entries, deletions, clock);
        HomeService home = new HomeService(tree, homes, store, visits, documents, GettingStarted.read(), clock);

        Endpoints api = http.endpoints();
        ListingService listings = new ListingService(tree, new ListingStore(database));
        FileEntries files = new FileEntries(store, new FileStore(database), parts.contents(), clock);
        TrimmingStore trimmings = new TrimmingStore(database);
        Turns turns = new Turns(ARCHIVES, "Too many archives are being made or read; try again");
        Turns large = new Turns(LARGE_NOTEBOOKS, "Too many large notebooks are being imported or exported; try again");
        ArchiveImport archives = new ArchiveImport(
                tree, new ArchiveStore(database), trimmings, parts.contents(), documents, deletions, turns, clock);
        TransferService formats = new TransferService(
                tree,
                entries,
                trimmings,
                files,
                archives,
                new ArchiveExport(tree, files, trimmings, parts.contents(), documents, turns),
                documents,
                large);
        new WorkspaceRoutes(objects, formats, listings, tree, files, parts.transfers(), http.blocking()).mount(api);
        new ObjectRoutes(objects, home, tree, listings).mount(api);
        new SearchRoutes(listings, tree).mount(api);
        new ContentRoutes(new UploadService(tree, files, archives), files, tree, parts.transfers(), http.blocking())
                .mount(api);
        AclStore acl = new AclStore(database);
        new InternalRoutes(tree, store, visits, acl, clock).mount(api);
        new SharingRoutes(new SharingService(tree, acl, directory)).mount(api);
        for (PermissionKind kind : WorkspaceTargets.KINDS) {
            new PermissionRoutes(new PermissionService(database, directory, kind, new WorkspaceTargets(tree, kind)))
                    .mount(api);
        }
        return new TreeParts(
                deletions,
                new RepoFolders(tree, store, trash, deletions, clock),
                new WorkingTrees(
                        new WorkingStore(database),
                        new ArchiveStore(database),
                        trimmings,
                        parts.contents(),
                        documents,
                        deletions,
                        clock));
    }

    /** Git folders as entries of the tree. */
    RepoFolders folders() {
        return folders;
    }

    /** What is in git folders. */
    WorkingTrees workingTrees() {
        return workingTrees;
    }

    @Override
    public void close() {
        deletions.close();
    }
}
