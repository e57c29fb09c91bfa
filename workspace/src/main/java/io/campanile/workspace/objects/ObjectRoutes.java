package io.campanile.workspace.objects;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.campanile.workspace.formats.Language;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The wire shape of {@code /api/campanile/v1/objects} and {@code /home}: the tree by id, as the browser uses it. */
public final class ObjectRoutes {
    private static final String OBJECTS = "/api/campanile/v1/objects";
    private final ObjectService objects;
    private final HomeService homes;
    private final Tree tree;
    private final ListingService listings;

    public ObjectRoutes(ObjectService objects, HomeService homes, Tree tree, ListingService listings) {
        this.objects = requireNonNull(objects, "objects");
        this.homes = requireNonNull(homes, "homes");
        this.tree = requireNonNull(tree, "tree");
        this.listings = requireNonNull(listings, "listings");
    }

    public void mount(Endpoints api) {
        api.get("/api/campanile/v1/home", Requires.user("home.read", "home"), (caller, context) -> home(caller));
        api.get(OBJECTS, Requires.object("objects.list", "directory"), this::list);
        api.post(
                OBJECTS,
                Requires.object("objects.create", "object"),
                Create.class,
                (caller, body) -> view(
                        caller,
                        objects.create(caller, body.parentId(), body.name(), body.objectType(), body.language())));
        api.get(
                OBJECTS + "/:id",
                Requires.object("objects.read", "object"),
                (caller, context) -> view(caller, tree.live(caller, id(context), Permission.CAN_READ)));
        api.handle(
                HttpMethod.POST,
                OBJECTS + "/:id/move",
                Requires.object("objects.move", "object"),
                (caller, context) -> {
                    Move body = Endpoints.readBody(context, Move.class);
                    return view(caller, objects.move(caller, id(context), body.parentId(), body.name()));
                });
        api.handle(
                HttpMethod.POST,
                OBJECTS + "/:id/trash",
                Requires.object("objects.trash", "object"),
                (caller, context) -> {
                    objects.trash(caller, id(context));
                    return Map.of();
                });
        api.handle(
                HttpMethod.POST,
                OBJECTS + "/:id/restore",
                Requires.object("objects.restore", "object"),
                (caller, context) -> view(caller, objects.restore(caller, id(context))));
    }

    private HomeView home(Caller caller) {
        HomeService.Home home = homes.home(caller);
        return new HomeView(
                home.recents().stream().map(located -> view(caller, located)).toList(),
                home.gettingStarted().map(located -> view(caller, located)).orElse(null),
                view(caller, home.home()));
    }

    private Listing list(Caller caller, RoutingContext context) {
        if (Boolean.parseBoolean(context.request().getParam("trashed"))) {
            return new Listing(views(caller, objects.trashed(caller)), List.of(), null);
        }
        if (Boolean.parseBoolean(context.request().getParam("shared"))) {
            return new Listing(views(caller, objects.shared(caller)), List.of(), null);
        }
        Located folder = context.request().getParam("parent_id") == null
                ? tree.root(caller)
                : tree.live(caller, Endpoints.longParam(context, "parent_id"), Permission.CAN_READ);
        if (!folder.object().isDirectory()) {
            throw ApiException.invalid("Object " + folder.object().objectId() + " is not a folder");
        }
        List<Ancestor> ancestors = folder.chain().stream()
                .map(above -> new Ancestor(above.objectId(), above.name(), above.type()))
                .toList();
        if (context.request().getParam("limit") == null && context.request().getParam("page_token") == null) {
            return new Listing(views(caller, tree.children(caller, folder)), ancestors, null);
        }
        Page<Located> page = listings.children(caller, folder, Page.after(context), Page.limit(context, Page.MOST));
        return new Listing(
                views(caller, page.entries()),
                ancestors,
                page.next() == null ? null : page.next().token());
    }

    private List<ObjectView> views(Caller caller, List<Located> located) {
        return located.stream().map(each -> view(caller, each)).toList();
    }

    private ObjectView view(Caller caller, Located located) {
        return ObjectView.of(located, tree.permission(caller, located));
    }

    private static long id(RoutingContext context) {
        return Endpoints.longParam(context, "id");
    }

    record Create(
            @Nullable Long parentId,
            @Nullable String name,
            ObjectType objectType,
            @Nullable Language language) {
        Create {
            ApiException.require(objectType, "object_type");
        }
    }

    record Move(@Nullable Long parentId, @Nullable String name) {
        Move {
            if (parentId == null && name == null) {
                throw ApiException.invalid("Give parent_id, name, or both");
            }
        }
    }

    record Listing(
            List<ObjectView> objects,
            List<Ancestor> ancestors,
            @Nullable String nextPageToken) {}

    /** A folder on the way to the listed one, which is the last; the root comes first and has no name. */
    record Ancestor(long objectId, String name, ObjectType objectType) {}

    record HomeView(List<ObjectView> recents, @Nullable ObjectView gettingStarted, ObjectView home) {}
}
