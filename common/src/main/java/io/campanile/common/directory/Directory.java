package io.campanile.common.directory;

import io.campanile.common.auth.Caller;
import java.util.Collection;
import java.util.List;

/** Looks principals up in the caller's workspace. Blocking. Those that are not there are absent from the answer. */
public interface Directory {
    List<Principal> byName(Caller caller, Collection<Principal.Name> names);

    List<Principal> byId(Caller caller, Collection<Long> ids);
}
