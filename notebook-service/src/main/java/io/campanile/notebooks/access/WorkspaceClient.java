package io.campanile.notebooks.access;

import io.campanile.common.auth.Caller;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What notebook-service asks of the workspace service. Blocking. */
public interface WorkspaceClient {
    /** 404 when the caller may not know of the object. */
    ObjectAccess access(Caller caller, long objectId);

    /** Like {@link #access}, for somebody who has the object open already: no visit of his. */
    ObjectAccess again(Caller caller, long objectId);

    /** A number for each workspace that rises whenever access changed in it; 0 where it is absent. */
    Map<Long, Long> changes(Collection<Long> workspaces);

    /** Tells that the document changed; {@code language} when that changed too. */
    void touched(long workspaceId, long objectId, Instant modifiedAt, @Nullable String language);
}
