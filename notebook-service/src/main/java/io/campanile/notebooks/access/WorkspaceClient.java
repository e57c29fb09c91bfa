package io.campanile.notebooks.access;

import io.campanile.common.auth.Caller;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What notebook-service asks of the workspace service. Blocking. */
public interface WorkspaceClient {
    /** 404 when the caller may not know of the object. */
    ObjectAccess access(Caller caller, long objectId);

    /** Tells that the document changed; {@code language} when that changed too. */
    void touched(long workspaceId, long objectId, Instant modifiedAt, @Nullable String language);
}
