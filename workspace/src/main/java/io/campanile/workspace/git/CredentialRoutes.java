package io.campanile.workspace.git;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The wire shape of {@code /api/2.0/git-credentials}. A token goes in and never out. */
public final class CredentialRoutes {
    private static final String ALL = "/api/2.0/git-credentials";
    private static final String ONE = ALL + "/:id";
    private static final String RESOURCE = "git-credential";
    private final CredentialService credentials;

    public CredentialRoutes(CredentialService credentials) {
        this.credentials = requireNonNull(credentials, "credentials");
    }

    public void mount(Endpoints api) {
        api.post(ALL, Requires.user("git.credentials.create", RESOURCE), Body.class, (caller, body) -> {
            requireOwn(caller, body.principalId());
            return View.of(credentials.create(caller, body.wish()));
        });
        api.get(ALL, Requires.user("git.credentials.list", RESOURCE), (caller, context) -> {
            requireOwn(caller, context);
            return new Listing(credentials.list(caller).stream().map(View::of).toList());
        });
        api.get(ONE, Requires.user("git.credentials.get", RESOURCE), (caller, context) -> {
            requireOwn(caller, context);
            return View.of(credentials.get(caller, id(context)));
        });
        api.handle(HttpMethod.PATCH, ONE, Requires.user("git.credentials.update", RESOURCE), (caller, context) -> {
            Body body = Endpoints.readBody(context, Body.class);
            requireOwn(caller, body.principalId());
            credentials.update(caller, id(context), body.wish());
            return Map.of();
        });
        api.handle(HttpMethod.DELETE, ONE, Requires.user("git.credentials.delete", RESOURCE), (caller, context) -> {
            requireOwn(caller, context);
            credentials.delete(caller, id(context));
            return Map.of();
        });
    }

    private static void requireOwn(Caller caller, RoutingContext context) {
        @Nullable String given = context.request().getParam("principal_id");
        requireOwn(caller, given == null || given.isEmpty() ? null : Endpoints.longParam(context, "principal_id"));
    }

    private static void requireOwn(Caller caller, @Nullable Long principalId) {
        if (principalId != null && principalId != caller.userId()) {
            throw new ApiException(
                    ErrorCode.PERMISSION_DENIED,
                    "principal_id must be your own: git credentials are each person's own");
        }
    }

    private static long id(RoutingContext context) {
        return Endpoints.longParam(context, "id");
    }

    record Body(
            @Nullable String gitProvider,
            @Nullable String gitUsername,
            @Nullable String gitEmail,
            @Nullable String name,
            @Nullable Boolean isDefaultForProvider,
            @Nullable String personalAccessToken,
            @Nullable Long principalId) {
        CredentialService.Wish wish() {
            return new CredentialService.Wish(
                    gitProvider, gitUsername, gitEmail, name, isDefaultForProvider, personalAccessToken);
        }

        @Override
        public String toString() {
            return "Body[gitProvider=" + gitProvider + "]";
        }
    }

    record View(
            long credentialId,
            String gitProvider,
            @Nullable String gitUsername,
            @Nullable String gitEmail,
            @Nullable String name,
            boolean isDefaultForProvider) {
        static View of(CredentialStore.Row row) {
            return new View(
                    row.credentialId(),
                    row.provider(),
                    row.username(),
                    row.email(),
                    row.name().isEmpty() ? null : row.name(),
                    row.isDefault());
        }
    }

    record Listing(List<View> credentials) {}
}
