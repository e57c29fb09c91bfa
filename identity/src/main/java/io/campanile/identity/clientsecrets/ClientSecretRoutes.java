package io.campanile.identity.clientsecrets;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Account;
import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The wire shape of client secrets: by an account's administrator, and by that of a workspace. */
public final class ClientSecretRoutes {
    private static final String ACCOUNT = "/api/2.0/accounts/:account_id/servicePrincipals/:id/credentials/secrets";
    private static final String WORKSPACE = "/api/2.0/accounts/servicePrincipals/:id/credentials/secrets";

    private final ClientSecretService secrets;

    public ClientSecretRoutes(ClientSecretService secrets) {
        this.secrets = requireNonNull(secrets, "secrets");
    }

    public void mount(Endpoints api) {
        mount(
                api,
                WORKSPACE,
                action -> Requires.admin(action, "client-secret"),
                (caller, context) -> caller.workspaceId());
        mount(api, ACCOUNT, action -> Requires.account(action, "client-secret"), (caller, context) -> {
            if (!Account.ID.equals(context.pathParam("account_id"))) {
                throw ApiException.notFound("Account " + context.pathParam("account_id") + " does not exist");
            }
            return secrets.homeOf(principal(context));
        });
    }

    private interface Needs {
        Requires of(String action);
    }

    private void mount(Endpoints api, String path, Needs needs, BiFunction<Caller, RoutingContext, Long> workspaceOf) {
        api.handle(HttpMethod.POST, path, needs.of("identity.client-secret.create"), (caller, context) -> {
            Create body = Endpoints.readBody(context, Create.class);
            return CreateAnswer.of(
                    secrets.create(caller, workspaceOf.apply(caller, context), principal(context), body.lifetime()));
        });
        api.get(
                path,
                needs.of("identity.client-secret.list"),
                (caller, context) ->
                        new ListAnswer(secrets.list(workspaceOf.apply(caller, context), principal(context)).stream()
                                .map(secret -> Info.of(secret, secrets.ended(secret) ? "EXPIRED" : "ACTIVE"))
                                .toList()));
        api.handle(
                HttpMethod.DELETE,
                path + "/:secret_id",
                needs.of("identity.client-secret.delete"),
                (caller, context) -> {
                    secrets.delete(
                            caller,
                            workspaceOf.apply(caller, context),
                            principal(context),
                            ApiException.require(context.pathParam("secret_id"), "secret_id"));
                    return Map.of();
                });
    }

    private static long principal(RoutingContext context) {
        return Endpoints.longParam(context, "id");
    }

    record Create(@Nullable String lifetime) {}

    record Info(
            String id,
            String status,
            String secretHash,
            String createTime,
            String updateTime,
            @Nullable String expireTime) {
        static Info of(ClientSecret secret, String status) {
            return new Info(
                    secret.secretId(),
                    status,
                    secret.secretHash(),
                    secret.createdAt().toString(),
                    secret.createdAt().toString(),
                    secret.expiresAt() == null ? null : secret.expiresAt().toString());
        }
    }

    record ListAnswer(List<Info> secrets) {}

    record CreateAnswer(
            String id,
            String secret,
            String status,
            String secretHash,
            String createTime,
            String updateTime,
            @Nullable String expireTime) {
        static CreateAnswer of(ClientSecretService.Created created) {
            Info info = Info.of(created.secret(), "ACTIVE");
            return new CreateAnswer(
                    info.id(),
                    created.value().value(),
                    info.status(),
                    info.secretHash(),
                    info.createTime(),
                    info.updateTime(),
                    info.expireTime());
        }

        @Override
        public String toString() {
            return "CreateAnswer[id=" + id + ", ****]";
        }
    }
}
