package io.campanile.notebooks.access;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import java.time.Duration;
import java.util.Set;

/** Who may do what with which notebook, remembered for three seconds. Blocking. */
public final class NotebookAccess {
    private static final Duration REMEMBERED = Duration.ofSeconds(3);
    private final WorkspaceClient workspace;
    private final Cache<Key, ObjectAccess> known = Caffeine.newBuilder()
            .maximumSize(10_000)
            .expireAfterWrite(REMEMBERED)
            .build();

    public NotebookAccess(WorkspaceClient workspace) {
        this.workspace = requireNonNull(workspace, "workspace");
    }

    /** 404 when the caller may not know of the notebook, or when it is no notebook. */
    public ObjectAccess of(Caller caller, long notebookId) {
        Key key = Key.of(caller, notebookId);
        ObjectAccess remembered = known.getIfPresent(key);
        return remembered != null ? remembered : fresh(caller, notebookId);
    }

    /** Asks again whatever is remembered. */
    public ObjectAccess fresh(Caller caller, long notebookId) {
        known.invalidate(Key.of(caller, notebookId));
        return kept(caller, notebookId, workspace.access(caller, notebookId));
    }

    /** Asks again for somebody who has the notebook open. */
    public ObjectAccess again(Caller caller, long notebookId) {
        known.invalidate(Key.of(caller, notebookId));
        return kept(caller, notebookId, workspace.again(caller, notebookId));
    }

    private ObjectAccess kept(Caller caller, long notebookId, ObjectAccess access) {
        if (!access.objectType().equals("NOTEBOOK")) {
            throw ApiException.notFound("Notebook " + notebookId + " does not exist");
        }
        known.put(Key.of(caller, notebookId), access);
        return access;
    }

    /** Everything the workspace service decides on. */
    private record Key(long workspaceId, long userId, boolean admin, Set<Long> groups, long notebookId) {
        static Key of(Caller caller, long notebookId) {
            return new Key(caller.workspaceId(), caller.userId(), caller.admin(), caller.groups(), notebookId);
        }
    }
}
