package io.campanile.workspace.git;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.concurrent.Blocking;
import io.campanile.common.errors.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.campanile.common.json.Json;
import io.campanile.workspace.objects.WorkspacePath;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The wire shape of {@code /api/2.0/repos}. */
public final class RepoRoutes {
    private static final String ALL = "/api/2.0/repos";
    private static final String ONE = ALL + "/:id";
    private static final int PAGE = 20;
    private final RepoService repos;
    private final Blocking blocking;

    /** {@code blocking}: threads of its own, because git servers take their time. */
    public RepoRoutes(RepoService repos, Blocking blocking) {
        this.repos = requireNonNull(repos, "repos");
        this.blocking = requireNonNull(blocking, "blocking");
    }

    public void mount(Endpoints api) {
        slow(api, blocking, HttpMethod.POST, ALL, Requires.object("repos.create", "repo"), this::create);
        api.get(ALL, Requires.object("repos.list", "repo"), this::list);
        api.get(
                ONE,
                Requires.object("repos.get", "repo"),
                (caller, context) -> View.of(repos.get(caller, id(context))));
        slow(api, blocking, HttpMethod.PATCH, ONE, Requires.object("repos.update", "repo"), (caller, context) -> {
            Update body = Endpoints.readBody(context, Update.class);
            requireWhole(body.sparseCheckout());
            repos.update(
                    caller,
                    id(context),
                    new RepoService.Target(
                            body.branch(),
                            body.tag(),
                            Boolean.TRUE.equals(body.dangerouslyForceDiscardAll()),
                            body.gitCredentialId()));
            return Map.of();
        });
        slow(api, blocking, HttpMethod.DELETE, ONE, Requires.object("repos.delete", "repo"), (caller, context) -> {
            repos.delete(caller, id(context));
            return Map.of();
        });
    }

    /** A route whose work may wait for another server. */
    static void slow(
            Endpoints api,
            Blocking blocking,
            HttpMethod method,
            String path,
            Requires requires,
            BiFunction<Caller, RoutingContext, Object> work) {
        api.async(
                method,
                path,
                requires,
                (caller, context) -> blocking.call(() -> Json.MAPPER.writeValueAsBytes(work.apply(caller, context)))
                        .compose(bytes -> context.response()
                                .putHeader("Content-Type", "application/json")
                                .end(Buffer.buffer(bytes))));
    }

    private View create(Caller caller, RoutingContext context) {
        Create body = Endpoints.readBody(context, Create.class);
        requireWhole(body.sparseCheckout());
        return View.of(repos.create(
                caller, ApiException.require(body.url(), "url"), body.provider(), body.path(), body.gitCredentialId()));
    }

    private Listing list(Caller caller, RoutingContext context) {
        RepoService.Found found = repos.list(
                caller,
                prefix(context.request().getParam("path_prefix")),
                after(context.request().getParam("next_page_token")),
                PAGE);
        return new Listing(
                found.repos().stream().map(View::of).toList(), found.next() == null ? null : token(found.next()));
    }

    /** Without a prefix, and with one that says nothing, those in the folder of git folders. */
    private static String prefix(@Nullable String given) {
        String prefix = given == null ? "" : given;
        if (prefix.equals("/Workspace") || prefix.startsWith("/Workspace/")) {
            prefix = prefix.substring("/Workspace".length());
        }
        if (!prefix.isEmpty() && !prefix.startsWith("/")) {
            throw ApiException.invalid("path_prefix must begin with /: " + given);
        }
        return prefix.isEmpty() || prefix.equals("/") ? "/" + WorkspacePath.REPOS + "/" : prefix;
    }

    private static String token(long after) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(("r" + after).getBytes(StandardCharsets.UTF_8));
    }

    private static long after(@Nullable String token) {
        if (token == null || token.isEmpty()) {
            return 0;
        }
        try {
            String plain = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
            if (plain.startsWith("r")) {
                return Long.parseLong(plain.substring(1));
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw ApiException.invalid("next_page_token is not one that was given out");
    }

    private static void requireWhole(@Nullable Object sparse) {
        if (sparse != null) {
            throw ApiException.invalid("sparse_checkout is not supported: a git folder has all files of its commit");
        }
    }

    static long id(RoutingContext context) {
        return Endpoints.longParam(context, "id");
    }

    record Create(
            @Nullable String url,
            @Nullable String provider,
            @Nullable String path,
            @Nullable Long gitCredentialId,
            @Nullable Map<String, Object> sparseCheckout) {}

    record Update(
            @Nullable String branch,
            @Nullable String tag,
            @Nullable Boolean dangerouslyForceDiscardAll,
            @Nullable Long gitCredentialId,
            @Nullable Map<String, Object> sparseCheckout) {}

    record View(
            long id,
            String path,
            String url,
            String provider,
            @Nullable String branch,
            @Nullable String headCommitId) {
        static View of(RepoService.Shown shown) {
            RepoStore.Repo repo = shown.repo();
            return new View(repo.repoId(), shown.path(), repo.url(), repo.provider(), repo.branch(), repo.head());
        }
    }

    record Listing(List<View> repos, @Nullable String nextPageToken) {}
}
