package io.campanile.identity.people;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.auth.Rights;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import java.util.Map;

/** What services ask that act for a person who is not at the gateway: what may that person at this moment? */
public final class RightsRoutes {
    private final PersonStore people;
    private final RightsStore rights;

    public RightsRoutes(PersonStore people, RightsStore rights) {
        this.people = requireNonNull(people, "people");
        this.rights = requireNonNull(rights, "rights");
    }

    public void mount(Endpoints api) {
        api.post(
                "/internal/rights",
                Requires.service("identity.rights.read", "user"),
                Map.class,
                (caller, body) -> new Found(of(caller)));
    }

    /** Never the account's administration: that is for people at the gateway. */
    private Rights of(Caller caller) {
        return people.find(caller.workspaceId(), caller.userId())
                .filter(person -> person.isActiveIn(caller.workspaceId()))
                .map(person -> rights.of(caller.workspaceId(), caller.userId(), false))
                .orElseThrow(() -> new ApiException(
                        ErrorCode.PERMISSION_DENIED,
                        "User " + caller.userId() + " is not an active user of the workspace"));
    }

    record Found(Rights rights) {}
}
