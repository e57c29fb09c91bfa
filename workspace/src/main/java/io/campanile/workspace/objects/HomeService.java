package io.campanile.workspace.objects;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.workspace.formats.Notebook;
import io.campanile.workspace.notebooks.NotebookClient;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a user sees first: the home folder, the notebooks last opened, and one notebook to begin with. */
public final class HomeService {
    private static final Logger LOG = LoggerFactory.getLogger(HomeService.class);
    private static final int RECENTS = 20;

    private final Tree tree;
    private final Homes homes;
    private final ObjectStore store;
    private final VisitStore visits;
    private final NotebookClient documents;
    private final Notebook gettingStarted;
    private final Clock clock;

    public HomeService(
            Tree tree,
            Homes homes,
            ObjectStore store,
            VisitStore visits,
            NotebookClient documents,
            Notebook gettingStarted,
            Clock clock) {
        this.tree = requireNonNull(tree, "tree");
        this.homes = requireNonNull(homes, "homes");
        this.store = requireNonNull(store, "store");
        this.visits = requireNonNull(visits, "visits");
        this.documents = requireNonNull(documents, "documents");
        this.gettingStarted = requireNonNull(gettingStarted, "gettingStarted");
        this.clock = requireNonNull(clock, "clock");
    }

    /** The first page. */
    record Home(List<Located> recents, Optional<Located> gettingStarted, Located home) {}

    Home home(Caller caller) {
        Located home = homes.ensure(caller);
        Optional<Located> first = gettingStarted(caller, home);
        List<Located> recents = visible(caller, visits.recent(caller.workspaceId(), caller.userId(), RECENTS));
        return new Home(recents, first, home);
    }

    /** The live ones of these objects that the caller may know of. */
    private List<Located> visible(Caller caller, List<Long> objectIds) {
        return tree.known(caller, objectIds).stream().filter(Located::isLive).toList();
    }

    /** The user's first notebook while it lives; made once. An outage of the notebook service only puts it off. */
    private Optional<Located> gettingStarted(Caller caller, Located home) {
        VisitStore.FirstNotebook first = visits.first(caller.workspaceId(), caller.userId())
                .orElseGet(() -> visits.reserve(caller.workspaceId(), caller.userId(), store.nextId()));
        if (!first.made()) {
            try {
                documents.put(caller, first.objectId(), gettingStarted, false);
            } catch (ApiException e) {
                if (e.code().httpStatus() < 500) {
                    throw new ApiException(
                            ErrorCode.INTERNAL_ERROR, "The first notebook was refused by its document's owner", e);
                }
                LOG.atWarn().addKeyValue("errorCode", e.code()).log("The first notebook could not be made yet");
                return Optional.empty();
            }
            enter(caller, home, first.objectId());
        }
        return visible(caller, List.of(first.objectId())).stream().findFirst();
    }

    private void enter(Caller caller, Located home, long objectId) {
        WorkspaceObject entry = WorkspaceObject.notebook(
                caller.workspaceId(),
                objectId,
                home.object().objectId(),
                GettingStarted.NAME,
                gettingStarted.language(),
                clock.instant().truncatedTo(ChronoUnit.MILLIS));
        store.inTransaction(tx -> {
            // A notebook of the name that is there already is the user's own: then theirs is the one to keep.
            ObjectStore.Placed placed = ObjectStore.insert(tx, entry);
            VisitStore.seeded(tx, caller.workspaceId(), caller.userId(), clock.instant());
            return placed;
        });
    }
}
