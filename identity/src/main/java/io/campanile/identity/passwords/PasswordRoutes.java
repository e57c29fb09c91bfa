package io.campanile.identity.passwords;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.auth.Rights;
import io.campanile.common.errors.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.vertx.core.http.HttpMethod;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Changing a password comes through the gateway, which knows the session in use; a reset is a route of its own. */
public final class PasswordRoutes {
    private final PasswordService passwords;

    public PasswordRoutes(PasswordService passwords) {
        this.passwords = requireNonNull(passwords, "passwords");
    }

    public void mount(Endpoints api) {
        api.post(
                "/internal/password",
                Requires.service("identity.password.change", "user"),
                Change.class,
                (caller, body) -> {
                    passwords.change(
                            body.person(caller),
                            body.sessionId(),
                            body.address(),
                            body.oldPassword(),
                            body.newPassword());
                    return Map.of();
                });
        api.handle(
                HttpMethod.POST,
                "/api/campanile/v1/users/:user_id/password-reset",
                Requires.object("identity.password.reset", "user"),
                (caller, context) -> {
                    PasswordService.Reset reset = passwords.reset(caller, Endpoints.longParam(context, "user_id"));
                    return new ResetAnswer(
                            reset.password().value(), reset.expiresAt().toEpochMilli());
                });
    }

    record Change(
            Long workspaceId,
            Long userId,
            String userName,
            @Nullable String sessionId,
            String address,
            String oldPassword,
            String newPassword) {
        Change {
            ApiException.require(workspaceId, "workspace_id");
            ApiException.require(userId, "user_id");
            ApiException.require(userName, "user_name");
            ApiException.require(address, "address");
            ApiException.require(oldPassword, "old_password");
            ApiException.require(newPassword, "new_password");
        }

        Caller person(Caller gateway) {
            return new Caller(
                    workspaceId,
                    userId,
                    userName,
                    Rights.NONE,
                    gateway.service(),
                    gateway.action(),
                    gateway.requestId());
        }

        @Override
        public String toString() {
            return "Change[****]";
        }
    }

    record ResetAnswer(String temporaryPassword, long expiresAt) {
        @Override
        public String toString() {
            return "ResetAnswer[****]";
        }
    }
}
