package io.campanile.identity.people;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;

/** Who the caller is. */
public final class PersonService {
    private final PersonStore people;

    public PersonService(PersonStore people) {
        this.people = requireNonNull(people, "people");
    }

    Person me(Caller caller) {
        return people.find(caller.workspaceId(), caller.userId())
                .orElseThrow(() -> ApiException.notFound("User " + caller.userId() + " does not exist"));
    }
}
