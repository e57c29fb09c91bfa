package io.campanile.identity.bootstrap;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Secret;
import io.campanile.common.errors.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Setting up: for the launcher and other services only. */
public final class BootstrapRoutes {
    private final BootstrapService bootstrap;

    public BootstrapRoutes(BootstrapService bootstrap) {
        this.bootstrap = requireNonNull(bootstrap, "bootstrap");
    }

    public void mount(Endpoints api) {
        api.post(
                "/internal/bootstrap",
                Requires.service("identity.bootstrap", "workspace"),
                Bootstrap.class,
                (caller, body) -> Answer.of(bootstrap.bootstrap(body.user(), body.password())));
        api.post(
                "/internal/bootstrap/confirm",
                Requires.service("identity.bootstrap", "workspace"),
                Confirm.class,
                (caller, body) -> {
                    bootstrap.confirm();
                    return Map.of();
                });
        api.get(
                "/internal/installation",
                Requires.service("identity.installation.read", "workspace"),
                (caller, context) ->
                        new InstallationAnswer(bootstrap.firstWorkspace().orElse(null), bootstrap.hasOneWorkspace()));
        api.post(
                "/internal/workspaces",
                Requires.service("identity.workspace.create", "workspace"),
                CreateWorkspace.class,
                (caller, body) -> Answer.of(bootstrap.createWorkspace(body.name(), body.user(), body.password())));
        api.post(
                "/internal/users",
                Requires.service("identity.user.create", "user"),
                CreateUser.class,
                (caller, body) -> Answer.of(bootstrap.createPerson(body.workspaceId(), body.user(), body.password())));
    }

    record Bootstrap(String user, @Nullable String password) {
        Bootstrap {
            ApiException.require(user, "user");
        }

        @Override
        public String toString() {
            return "Bootstrap[user=" + user + ", ****]";
        }
    }

    record Confirm() {}

    record CreateWorkspace(
            String name, String user, @Nullable String password) {
        CreateWorkspace {
            ApiException.require(name, "name");
            ApiException.require(user, "user");
        }

        @Override
        public String toString() {
            return "CreateWorkspace[name=" + name + ", ****]";
        }
    }

    record CreateUser(
            Long workspaceId, String user, @Nullable String password) {
        CreateUser {
            ApiException.require(workspaceId, "workspace_id");
            ApiException.require(user, "user");
        }

        @Override
        public String toString() {
            return "CreateUser[user=" + user + ", ****]";
        }
    }

    record InstallationAnswer(@Nullable Long workspaceId, boolean only) {}

    record Answer(
            long workspaceId,
            long userId,
            String user,
            @Nullable String password,
            @Nullable String token) {
        static Answer of(BootstrapService.Made made) {
            return new Answer(
                    made.workspaceId(), made.userId(), made.userName(), value(made.password()), value(made.token()));
        }

        private static @Nullable String value(@Nullable Secret secret) {
            return secret == null ? null : secret.value();
        }

        @Override
        public String toString() {
            return "Answer[user=" + user + ", ****]";
        }
    }
}
