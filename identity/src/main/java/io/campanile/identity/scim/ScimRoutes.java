package io.campanile.identity.scim;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.directory.PrincipalKind;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The wire shape of {@code /api/2.0/preview/scim/v2}: everybody of a workspace reads, its administrators change. */
public final class ScimRoutes {
    private static final String BASE = "/api/2.0/preview/scim/v2/";
    private static final String LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

    private final AccountService accounts;
    private final GroupService groups;

    public ScimRoutes(AccountService accounts, GroupService groups) {
        this.accounts = requireNonNull(accounts, "accounts");
        this.groups = requireNonNull(groups, "groups");
    }

    public void mount(Endpoints api) {
        api.dialect(BASE, new ScimDialect());
        accounts(api, "Users", "user", PrincipalKind.USER);
        accounts(api, "ServicePrincipals", "service-principal", PrincipalKind.SERVICE_PRINCIPAL);
        groups(api);
        api.get(
                BASE + "Me",
                Requires.user("identity.me.read", "user"),
                (caller, context) -> projection(context).apply(AccountWire.me(accounts.me(caller))));
    }

    private void accounts(Endpoints api, String folder, String kindName, PrincipalKind kind) {
        String all = BASE + folder;
        String one = all + "/:id";
        String action = "identity." + kindName + ".";
        api.get(all, Requires.user(action + "list", kindName), (caller, context) -> {
            ListQuery query = ListQuery.of(context.queryParams());
            return list(query, accounts.list(caller, kind, query), AccountWire::write);
        });
        api.get(
                one,
                Requires.user(action + "read", kindName),
                (caller, context) ->
                        projection(context).apply(AccountWire.write(accounts.get(caller, kind, id(context)))));
        api.handle(HttpMethod.POST, all, Requires.admin(action + "create", kindName), (caller, context) -> {
            Account made = accounts.create(caller, kind, body(context));
            return created(context, AccountWire.write(made));
        });
        api.handle(
                HttpMethod.PUT,
                one,
                Requires.admin(action + "update", kindName),
                (caller, context) -> AccountWire.write(accounts.replace(caller, kind, id(context), body(context))));
        api.handle(
                HttpMethod.PATCH,
                one,
                Requires.admin(action + "update", kindName),
                (caller, context) -> AccountWire.write(accounts.patch(caller, kind, id(context), body(context))));
        api.handle(HttpMethod.DELETE, one, Requires.admin(action + "delete", kindName), (caller, context) -> {
            accounts.delete(caller, kind, id(context));
            return gone(context);
        });
    }

    private void groups(Endpoints api) {
        String all = BASE + "Groups";
        String one = all + "/:id";
        api.get(all, Requires.user("identity.group.list", "group"), (caller, context) -> {
            ListQuery query = ListQuery.of(context.queryParams());
            return list(query, groups.list(caller, query), GroupWire::write);
        });
        api.get(one, Requires.user("identity.group.read", "group"), this::group);
        api.handle(
                HttpMethod.POST,
                all,
                Requires.admin("identity.group.create", "group"),
                (caller, context) -> created(context, GroupWire.write(groups.create(caller, body(context)))));
        Requires update = Requires.admin("identity.group.update", "group");
        api.handle(
                HttpMethod.PUT,
                one,
                update,
                (caller, context) -> GroupWire.write(groups.replace(caller, id(context), body(context))));
        api.handle(
                HttpMethod.PATCH,
                one,
                update,
                (caller, context) -> GroupWire.write(groups.patch(caller, id(context), body(context))));
        api.handle(HttpMethod.DELETE, one, Requires.admin("identity.group.delete", "group"), (caller, context) -> {
            groups.delete(caller, id(context));
            return gone(context);
        });
    }

    private ObjectNode group(Caller caller, RoutingContext context) {
        Projection projection = projection(context);
        return projection.apply(GroupWire.write(groups.get(caller, id(context), projection)));
    }

    /** A map, since the mapping of records would write its names in snake case. */
    private static <T> Map<String, Object> list(ListQuery query, Found<T> found, Function<T, ObjectNode> write) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("schemas", List.of(LIST));
        answer.put("totalResults", found.total());
        answer.put("startIndex", query.startIndex());
        answer.put("itemsPerPage", found.page().size());
        answer.put(
                "Resources",
                found.page().stream().map(write).map(query.projection()::apply).toList());
        return answer;
    }

    private static ObjectNode created(RoutingContext context, ObjectNode resource) {
        context.response().setStatusCode(201);
        return resource;
    }

    private static Map<String, Object> gone(RoutingContext context) {
        Endpoints.noContent(context);
        return Map.of();
    }

    private static Projection projection(RoutingContext context) {
        return Projection.of(
                context.queryParams().get("attributes"), context.queryParams().get("excludedAttributes"));
    }

    private static ObjectNode body(RoutingContext context) {
        return Resources.caseless(Endpoints.readBody(context, JsonNode.class));
    }

    private static String id(RoutingContext context) {
        return String.valueOf(context.pathParam("id"));
    }
}
