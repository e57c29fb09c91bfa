package io.campanile.identity.tokens;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.campanile.identity.tokens.TokenService.Wish;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The wire shape of {@code /api/2.0/token-management}: all tokens of a workspace, by its administrators. */
public final class TokenManagementRoutes {
    private static final String TOKENS = "/api/2.0/token-management/tokens";
    private static final String TOKEN = TOKENS + "/:token_id";

    private final TokenService tokens;

    public TokenManagementRoutes(TokenService tokens) {
        this.tokens = requireNonNull(tokens, "tokens");
    }

    public void mount(Endpoints api) {
        api.get(TOKENS, Requires.admin("identity.token.list-all", "token"), this::list);
        api.get(
                TOKEN,
                Requires.admin("identity.token.get", "token"),
                (caller, context) -> new GetAnswer(info(caller, tokens.get(caller, id(context)))));
        api.handle(
                HttpMethod.PATCH,
                TOKEN,
                Requires.admin("identity.token.update-any", "token"),
                (caller, context) -> info(
                        caller,
                        tokens.updateAny(
                                caller,
                                id(context),
                                Endpoints.readBody(context, TokenRoutes.Update.class)
                                        .change())));
        api.handle(
                HttpMethod.DELETE, TOKEN, Requires.admin("identity.token.delete-any", "token"), (caller, context) -> {
                    tokens.deleteAny(caller, id(context));
                    return Map.of();
                });
        api.post(
                "/api/2.0/token-management/on-behalf-of/tokens",
                Requires.admin("identity.token.create-on-behalf-of", "token"),
                OnBehalfOf.class,
                (caller, body) -> {
                    TokenService.Created created = tokens.createFor(caller, body.applicationId(), body.wish());
                    return new OnBehalfOfAnswer(created.value().value(), info(caller, created.token()));
                });
    }

    private ListAnswer list(Caller caller, RoutingContext context) {
        @Nullable String by = context.request().getParam("created_by_id");
        List<AccessToken> listed = tokens.listAll(
                caller,
                by == null ? null : Endpoints.longParam(context, "created_by_id"),
                context.request().getParam("created_by_username"));
        Map<Long, String> names = tokens.names(caller, listed);
        return new ListAnswer(
                listed.stream().map(token -> Info.of(token, names)).toList());
    }

    private Info info(Caller caller, AccessToken token) {
        return Info.of(token, tokens.names(caller, List.of(token)));
    }

    private static String id(RoutingContext context) {
        return ApiException.require(context.pathParam("token_id"), "token_id");
    }

    record OnBehalfOf(
            String applicationId,
            @Nullable String comment,
            @Nullable Long lifetimeSeconds,
            @Nullable List<String> scopes) {
        OnBehalfOf {
            ApiException.require(applicationId, "application_id");
        }

        Wish wish() {
            return new Wish(comment, lifetimeSeconds, scopes);
        }
    }

    record OnBehalfOfAnswer(String tokenValue, Info tokenInfo) {
        @Override
        public String toString() {
            return "OnBehalfOfAnswer[****]";
        }
    }

    record GetAnswer(Info tokenInfo) {}

    record ListAnswer(List<Info> tokenInfos) {}

    record Info(
            String tokenId,
            long creationTime,
            long expiryTime,
            String comment,
            long createdById,
            @Nullable String createdByUsername,
            long ownerId,
            long workspaceId,
            @Nullable Long lastUsedDay,
            @Nullable List<String> scopes) {
        static Info of(AccessToken token, Map<Long, String> names) {
            long maker = TokenService.maker(token);
            return new Info(
                    token.tokenId(),
                    token.createdAt().toEpochMilli(),
                    token.expiresAt().toEpochMilli(),
                    token.comment(),
                    maker,
                    names.get(maker),
                    token.userId(),
                    token.workspaceId(),
                    TokenRoutes.Info.lastUsedDay(token),
                    TokenRoutes.Info.sorted(token));
        }
    }
}
