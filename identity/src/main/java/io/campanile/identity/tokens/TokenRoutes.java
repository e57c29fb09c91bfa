package io.campanile.identity.tokens;

import static java.util.Objects.requireNonNull;

import io.campanile.common.errors.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.campanile.identity.tokens.TokenService.Change;
import io.campanile.identity.tokens.TokenService.Wish;
import io.vertx.core.http.HttpMethod;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The wire shape of {@code /api/2.0/token}: one's own tokens. */
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
                    TokenService.Created created = tokens.create(caller, body.wish());
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
                    tokens.deleteOwn(caller, body.tokenId());
                    return Map.of();
                });
        api.handle(
                HttpMethod.PATCH,
                "/api/2.0/token/:token_id",
                Requires.object("identity.token.update", "token"),
                (caller, context) -> {
                    tokens.updateOwn(
                            caller,
                            ApiException.require(context.pathParam("token_id"), "token_id"),
                            Endpoints.readBody(context, Update.class).change());
                    return Map.of();
                });
    }

    record Create(
            @Nullable String comment,
            @Nullable Long lifetimeSeconds,
            @Nullable List<String> scopes) {
        Wish wish() {
            return new Wish(comment, lifetimeSeconds, scopes);
        }
    }

    record CreateAnswer(String tokenValue, Info tokenInfo) {
        @Override
        public String toString() {
            return "CreateAnswer[****]";
        }
    }

    record ListAnswer(List<Info> tokenInfos) {}

    record Delete(String tokenId) {
        Delete {
            ApiException.require(tokenId, "token_id");
        }
    }

    /** {@code update_mask}: names with commas between; absent, what is there is meant. */
    record Update(@Nullable Said token, @Nullable String updateMask) {
        Change change() {
            Said said = ApiException.require(token, "token");
            Set<String> fields = new HashSet<>();
            if (updateMask == null || updateMask.isBlank()) {
                if (said.comment() != null) {
                    fields.add("comment");
                }
                if (said.scopes() != null) {
                    fields.add("scopes");
                }
            } else {
                Arrays.stream(updateMask.split(",", -1)).map(String::strip).forEach(fields::add);
            }
            return new Change(fields, said.comment(), said.scopes());
        }

        record Said(@Nullable String comment, @Nullable List<String> scopes) {}
    }

    record Info(
            String tokenId,
            long creationTime,
            long expiryTime,
            String comment,
            @Nullable Long lastUsedDay,
            @Nullable List<String> scopes) {
        static Info of(AccessToken token) {
            return new Info(
                    token.tokenId(),
                    token.createdAt().toEpochMilli(),
                    token.expiresAt().toEpochMilli(),
                    token.comment(),
                    lastUsedDay(token),
                    sorted(token));
        }

        /** The beginning of the day: more would say when people work. */
        static @Nullable Long lastUsedDay(AccessToken token) {
            return token.lastUsedAt() == null
                    ? null
                    : token.lastUsedAt()
                            .truncatedTo(java.time.temporal.ChronoUnit.DAYS)
                            .toEpochMilli();
        }

        static @Nullable List<String> sorted(AccessToken token) {
            return token.scopes() == null
                    ? null
                    : token.scopes().stream().sorted().toList();
        }
    }
}
