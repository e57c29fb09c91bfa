package io.campanile.workspace.secrets;

import java.util.List;
import org.jooq.DSLContext;

/** Values beside secrets that are sealed under the data keys of workspaces, and pass to a new key with them. */
public interface SealedValues {
    /** Seals what is sealed under keys before {@code version} anew; adds the names of those that cannot be opened. */
    void reseal(long workspaceId, int version, List<String> broken);

    /** Whether anything is sealed under such a key. */
    boolean anyBefore(DSLContext tx, long workspaceId, int version);
}
