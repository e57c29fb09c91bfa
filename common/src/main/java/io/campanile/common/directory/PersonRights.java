package io.campanile.common.directory;

import io.campanile.common.auth.Caller;
import io.campanile.common.auth.Rights;

/**
 * What a person may at this moment: for calls that did not come through the gateway, such as those of the person's
 * cluster. Blocking.
 */
public interface PersonRights {
    /** The rights of the caller's person in the caller's workspace; PERMISSION_DENIED when they are not active there. */
    Rights of(Caller caller);
}
