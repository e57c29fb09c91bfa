package io.campanile.workspace.git;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.concurrent.Blocking;
import io.campanile.common.errors.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The wire shape of {@code /api/campanile/v1/repos/{id}}: git as a person at the browser does it. */
public final class WorkRoutes {
    private static final String ONE = "/api/campanile/v1/repos/:id";
    private final WorkService work;
    private final MergeService merges;
    private final Blocking blocking;

    public WorkRoutes(WorkService work, MergeService merges, Blocking blocking) {
        this.work = requireNonNull(work, "work");
        this.merges = requireNonNull(merges, "merges");
        this.blocking = requireNonNull(blocking, "blocking");
    }

    public void mount(Endpoints api) {
        route(
                api,
                HttpMethod.GET,
                "/status",
                "status",
                (caller, context) -> Status.of(work.status(caller, id(context))));
        route(api, HttpMethod.GET, "/diff", "diff", (caller, context) -> work.diff(caller, id(context), path(context)));
        route(api, HttpMethod.POST, "/commit", "commit", (caller, context) -> {
            Commit body = Endpoints.readBody(context, Commit.class);
            return Map.of(
                    "commit_id",
                    work.commit(caller, id(context), ApiException.require(body.message(), "message"), body.paths()));
        });
        route(api, HttpMethod.POST, "/push", "push", (caller, context) -> {
            work.push(
                    caller, id(context), Endpoints.readBody(context, With.class).gitCredentialId());
            return Map.of();
        });
        route(api, HttpMethod.POST, "/discard", "discard", (caller, context) -> {
            work.discard(
                    caller,
                    id(context),
                    Endpoints.readBody(context, Paths.class).paths());
            return Map.of();
        });
        route(
                api,
                HttpMethod.GET,
                "/branches",
                "branches.list",
                (caller, context) -> new Branches(work.branches(caller, id(context))));
        route(api, HttpMethod.POST, "/branches", "branches.create", (caller, context) -> {
            Named body = Endpoints.readBody(context, Named.class);
            work.createBranch(caller, id(context), ApiException.require(body.name(), "name"));
            return Map.of();
        });
        mountMerges(api);
    }

    private void mountMerges(Endpoints api) {
        route(
                api,
                HttpMethod.POST,
                "/pull",
                "pull",
                (caller, context) -> merges.pull(
                        caller,
                        id(context),
                        Endpoints.readBody(context, With.class).gitCredentialId()));
        route(
                api,
                HttpMethod.GET,
                "/conflicts",
                "conflicts.list",
                (caller, context) -> new Conflicts(merges.conflicts(caller, id(context)).stream()
                        .map(Conflict::of)
                        .toList()));
        route(
                api,
                HttpMethod.GET,
                "/conflicts/versions",
                "conflicts.read",
                (caller, context) -> Versions.of(merges.versions(caller, id(context), path(context))));
        route(api, HttpMethod.POST, "/conflicts/resolve", "conflicts.resolve", (caller, context) -> {
            Resolve body = Endpoints.readBody(context, Resolve.class);
            merges.resolve(
                    caller,
                    id(context),
                    ApiException.require(body.path(), "path"),
                    ApiException.require(body.take(), "take"),
                    body.content());
            return Map.of();
        });
        route(
                api,
                HttpMethod.POST,
                "/merge/complete",
                "merge.complete",
                (caller, context) -> Map.of(
                        "commit_id",
                        merges.complete(
                                caller,
                                id(context),
                                Endpoints.readBody(context, Commit.class).message())));
        route(api, HttpMethod.POST, "/merge/abort", "merge.abort", (caller, context) -> {
            merges.abort(caller, id(context));
            return Map.of();
        });
    }

    private void route(
            Endpoints api,
            HttpMethod method,
            String path,
            String action,
            BiFunction<Caller, RoutingContext, Object> handler) {
        RepoRoutes.slow(api, blocking, method, ONE + path, Requires.object("repos." + action, "repo"), handler);
    }

    private static long id(RoutingContext context) {
        return RepoRoutes.id(context);
    }

    private static String path(RoutingContext context) {
        return ApiException.require(context.request().getParam("path"), "path");
    }

    record Commit(@Nullable String message, @Nullable List<String> paths) {}

    record With(@Nullable Long gitCredentialId) {}

    record Paths(@Nullable List<String> paths) {}

    record Named(@Nullable String name) {}

    record Resolve(
            @Nullable String path,
            MergeService.@Nullable Take take,
            @Nullable String content) {}

    record Branches(List<WorkService.Branch> branches) {}

    record Conflicts(List<Conflict> conflicts) {}

    record Conflict(String path, boolean resolved, boolean deleted) {
        static Conflict of(RepoStore.Conflict conflict) {
            return new Conflict(conflict.path(), conflict.resolved(), conflict.resolved() && conflict.blobId() == null);
        }
    }

    record Versions(
            String path,
            boolean resolved,
            @Nullable String base,
            @Nullable String ours,
            @Nullable String theirs,
            @Nullable String merged) {
        static Versions of(MergeService.Versions of) {
            return new Versions(
                    of.conflict().path(), of.conflict().resolved(), of.base(), of.ours(), of.theirs(), of.merged());
        }
    }

    /** {@code submodule}: the one it is in, where it cannot be committed. */
    record Change(
            String path,
            WorkingState.Kind kind,
            @Nullable Long objectId,
            @Nullable String submodule) {
        static Change of(WorkService.Status status, WorkingState.Change change) {
            return new Change(
                    change.path(),
                    change.kind(),
                    change.object() == null ? null : change.object().objectId(),
                    Submodules.holding(status.links(), change.path()));
        }
    }

    /** {@code reason}: why it was not fetched. */
    record Submodule(
            String path,
            String commitId,
            boolean fetched,
            @Nullable String url,
            @Nullable String reason) {
        static Submodule of(SubmoduleStore.Submodule of) {
            return new Submodule(of.path(), of.commit(), of.isFetched(), of.url(), of.reason());
        }
    }

    record Status(
            @Nullable String branch,
            @Nullable String headCommitId,
            @Nullable String merging,
            int ahead,
            int behind,
            List<Change> changes,
            List<Submodule> submodules) {
        static Status of(WorkService.Status status) {
            return new Status(
                    status.repo().branch(),
                    status.repo().head(),
                    status.repo().merging(),
                    status.ahead(),
                    status.behind(),
                    status.changes().stream()
                            .map(change -> Change.of(status, change))
                            .toList(),
                    status.submodules().stream().map(Submodule::of).toList());
        }
    }
}
