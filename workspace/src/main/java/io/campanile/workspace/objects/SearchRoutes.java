package io.campanile.workspace.objects;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The wire shape of {@code /api/campanile/v1/search}. */
public final class SearchRoutes {
    private static final int USUAL = 50;

    private final ListingService listings;
    private final Tree tree;

    public SearchRoutes(ListingService listings, Tree tree) {
        this.listings = requireNonNull(listings, "listings");
        this.tree = requireNonNull(tree, "tree");
    }

    public void mount(Endpoints api) {
        api.get("/api/campanile/v1/search", Requires.object("objects.search", "object"), this::search);
    }

    private Found search(Caller caller, RoutingContext context) {
        String query = ApiException.require(context.request().getParam("q"), "q");
        Page<Located> page =
                listings.search(caller, query, type(context), Page.after(context), Page.limit(context, USUAL));
        return new Found(
                page.entries().stream()
                        .map(located -> ObjectView.of(located, tree.permission(caller, located)))
                        .toList(),
                page.next() == null ? null : page.next().token());
    }

    private static @Nullable ObjectType type(RoutingContext context) {
        @Nullable String name = context.request().getParam("type");
        if (name == null || name.isEmpty()) {
            return null;
        }
        for (ObjectType type : ObjectType.values()) {
            if (type.name().equals(name)) {
                return type;
            }
        }
        throw ApiException.invalid("type must be DIRECTORY, NOTEBOOK, FILE or REPO: " + name);
    }

    record Found(List<ObjectView> objects, @Nullable String nextPageToken) {}
}
