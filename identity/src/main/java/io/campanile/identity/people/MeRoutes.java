package io.campanile.identity.people;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import java.util.List;

/** "Who am I" for our own pages. */
public final class MeRoutes {
    private final PersonService people;

    public MeRoutes(PersonService people) {
        this.people = requireNonNull(people, "people");
    }

    public void mount(Endpoints api) {
        api.get(
                "/api/campanile/v1/me",
                Requires.user("identity.me.read", "user"),
                (caller, context) -> own(caller, people.me(caller)));
    }

    private static Me own(Caller caller, Person person) {
        return new Me(
                person.userId(),
                person.userName(),
                person.displayName(),
                caller.admin(),
                person.workspaceId(),
                person.workspaceName(),
                person.workspaces());
    }

    /** {@code workspaces}: where the person can go, for the switcher. */
    record Me(
            long userId,
            String userName,
            String displayName,
            boolean admin,
            long workspaceId,
            String workspaceName,
            List<Person.Membership> workspaces) {}
}
