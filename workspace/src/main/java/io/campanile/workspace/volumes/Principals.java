package io.campanile.workspace.volumes;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.directory.Directory;
import io.campanile.common.directory.Principal;
import io.campanile.common.directory.PrincipalKind;
import io.campanile.common.errors.ApiException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Who is meant by a name in a grant, which does not say whether it is a user, a group or a service principal. */
public final class Principals {
    /** What Databricks calls everybody in this API. */
    private static final String EVERYBODY = "account users";

    private final Directory directory;

    public Principals(Directory directory) {
        this.directory = requireNonNull(directory, "directory");
    }

    Principal named(Caller caller, String name) {
        String meant = name.equalsIgnoreCase(EVERYBODY) ? "users" : name;
        List<Principal.Name> candidates = Arrays.stream(PrincipalKind.values())
                .map(kind -> new Principal.Name(kind, meant))
                .toList();
        return directory.byName(caller, candidates).stream()
                .findFirst()
                .orElseThrow(() -> ApiException.notFound("Could not find principal with name " + name));
    }

    /** Names by id; who was deleted is absent. */
    Map<Long, String> names(Caller caller, Collection<Long> ids) {
        return directory.byId(caller, ids).stream().collect(Collectors.toMap(Principal::principalId, Principal::name));
    }
}
