package io.campanile.identity.principals;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.directory.Principal;
import io.campanile.common.errors.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code common.directory.HttpDirectory} asks: who is behind a name or an id, in the caller's workspace alone. */
public final class PrincipalRoutes {
    private static final int MOST = 10_000;

    private final PrincipalStore principals;

    public PrincipalRoutes(PrincipalStore principals) {
        this.principals = requireNonNull(principals, "principals");
    }

    public void mount(Endpoints api) {
        api.post(
                "/internal/principals",
                Requires.service("identity.principal.read", "principal"),
                Asked.class,
                this::find);
    }

    private Found find(Caller caller, Asked asked) {
        if (caller.workspaceId() == 0) {
            throw ApiException.invalid("Principals are looked up for a workspace");
        }
        return new Found(principals.find(caller.workspaceId(), asked.names(), asked.ids()));
    }

    record Asked(List<Principal.Name> names, List<Long> ids) {
        Asked {
            names = bounded(names, "names");
            ids = bounded(ids, "ids");
        }

        private static <T> List<T> bounded(@Nullable List<@Nullable T> given, String field) {
            if (given == null) {
                return List.of();
            }
            if (given.size() > MOST) {
                throw ApiException.invalid(field + " has at most " + MOST + " elements");
            }
            return given.stream()
                    .map(value -> ApiException.require(value, field))
                    .toList();
        }
    }

    record Found(List<Principal> principals) {}
}
