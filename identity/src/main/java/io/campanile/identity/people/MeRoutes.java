package io.campanile.identity.people;

import static java.util.Objects.requireNonNull;

import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;

/** "Who am I" for our own pages. */
public final class MeRoutes {
    private final PersonService people;

    public MeRoutes(PersonService people) {
        this.people = requireNonNull(people, "people");
    }

    public void mount(Endpoints api) {
        Requires read = Requires.user("identity.me.read", "user");
        api.get("/api/campanile/v1/me", read, (caller, context) -> own(people.me(caller)));
    }

    private static Me own(Person person) {
        return new Me(
                person.userId(),
                person.userName(),
                person.displayName(),
                person.admin(),
                person.workspaceId(),
                person.workspaceName());
    }

    record Me(
            long userId, String userName, String displayName, boolean admin, long workspaceId, String workspaceName) {}
}
