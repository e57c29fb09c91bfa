package io.campanile.identity.tokens;

import static java.util.Objects.requireNonNull;

import io.campanile.common.http.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The wire shape of {@code /api/2.0/token}. */
public final class TokenRoutes {
    private final TokenService tokens;

    public TokenRoutes(TokenService tokens) {
        this.tokens = requireNonNull(tokens, "tokens");
    }

    public void mount(Endpoints api) {
        api.post(
                "/api/2.0/token/create",
                Requires.user("identity.token.create", "token"),
                Create.class,
                (caller, body) -> {
                    TokenService.Created created = tokens.create(caller, body.comment(), body.lifetimeSeconds());
                    return new CreateAnswer(created.value().value(), Info.of(created.token()));
                });
        api.get(
                "/api/2.0/token/list",
                Requires.user("identity.token.list", "token"),
                (caller, context) -> new ListAnswer(
                        tokens.list(caller).stream().map(Info::of).toList()));
        api.post(
                "/api/2.0/token/delete",
                Requires.object("identity.token.delete", "token"),
                Delete.class,
                (caller, body) -> {
                    tokens.delete(caller, body.tokenId());
                    return Map.of();
                });
    }

    record Create(@Nullable String comment, @Nullable Long lifetimeSeconds) {}

    record CreateAnswer(String tokenValue, Info tokenInfo) {}

    record ListAnswer(List<Info> tokenInfos) {}

    record Delete(String tokenId) {
        Delete {
            ApiException.require(tokenId, "token_id");
        }
    }

    record Info(String tokenId, long creationTime, long expiryTime, String comment) {
        static Info of(AccessToken token) {
            return new Info(
                    token.tokenId(),
                    token.createdAt().toEpochMilli(),
                    token.expiresAt().toEpochMilli(),
                    token.comment());
        }
    }
}
