package io.campanile.identity.settings;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.errors.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The wire shapes of {@code /api/2.0/workspace-conf} and {@code /api/2.0/ip-access-lists}. */
public final class SettingsRoutes {
    private static final String LISTS = "/api/2.0/ip-access-lists";
    private static final String LIST = LISTS + "/:list_id";

    private final WorkspaceConfService conf;
    private final AddressListService lists;

    public SettingsRoutes(WorkspaceConfService conf, AddressListService lists) {
        this.conf = requireNonNull(conf, "conf");
        this.lists = requireNonNull(lists, "lists");
    }

    public void mount(Endpoints api) {
        mountConf(api);
        api.handle(
                HttpMethod.POST,
                LISTS,
                Requires.admin("identity.address-list.create", "ip-access-list"),
                (caller, context) -> new Answer(Info.of(lists.create(
                        caller,
                        address(context),
                        Endpoints.readBody(context, Body.class).whole()))));
        api.get(
                LISTS,
                Requires.admin("identity.address-list.list", "ip-access-list"),
                (caller, context) ->
                        new ListAnswer(lists.list(caller).stream().map(Info::of).toList()));
        api.get(
                LIST,
                Requires.admin("identity.address-list.get", "ip-access-list"),
                (caller, context) -> new Answer(Info.of(lists.get(caller, id(context)))));
        api.handle(
                HttpMethod.PUT,
                LIST,
                Requires.admin("identity.address-list.replace", "ip-access-list"),
                (caller, context) -> {
                    Body body = Endpoints.readBody(context, Body.class);
                    ApiException.require(body.enabled(), "enabled");
                    AddressList.Content content = body.whole();
                    return new Answer(Info.of(lists.update(caller, address(context), id(context), before -> content)));
                });
        api.handle(
                HttpMethod.PATCH,
                LIST,
                Requires.admin("identity.address-list.update", "ip-access-list"),
                (caller, context) -> {
                    UnaryOperator<AddressList.Content> edit = Endpoints.readBody(context, Body.class)::over;
                    return new Answer(Info.of(lists.update(caller, address(context), id(context), edit)));
                });
        api.handle(
                HttpMethod.DELETE,
                LIST,
                Requires.admin("identity.address-list.delete", "ip-access-list"),
                (caller, context) -> {
                    lists.delete(caller, address(context), id(context));
                    return Map.of();
                });
    }

    private void mountConf(Endpoints api) {
        api.get(
                "/api/2.0/workspace-conf",
                Requires.admin("identity.conf.get", "workspace-conf"),
                (caller, context) -> conf.get(caller, keys(context.request().getParam("keys"))));
        api.handle(
                HttpMethod.PATCH,
                "/api/2.0/workspace-conf",
                Requires.admin("identity.conf.set", "workspace-conf"),
                (caller, context) -> {
                    Map<String, String> values = new LinkedHashMap<>();
                    JsonNode body = Endpoints.readBody(context, JsonNode.class);
                    if (!body.isObject()) {
                        throw ApiException.invalid("The request body must be an object of keys and values");
                    }
                    body.properties().forEach(entry -> {
                        if (!entry.getValue().isValueNode() || entry.getValue().isNull()) {
                            throw ApiException.invalid("Field " + entry.getKey() + " has a value of a wrong kind");
                        }
                        values.put(entry.getKey(), entry.getValue().asText());
                    });
                    conf.set(caller, address(context), values);
                    return Map.of();
                });
    }

    /** All, where none are named: databricks-sdk-java 0.141 leaves its parameter out. */
    private static List<String> keys(@Nullable String named) {
        return named == null
                ? ConfKey.names()
                : Arrays.stream(named.split(",", -1))
                        .map(String::strip)
                        .filter(key -> !key.isEmpty())
                        .toList();
    }

    private static String id(RoutingContext context) {
        return ApiException.require(context.pathParam("list_id"), "ip_access_list_id");
    }

    /** Where the caller is, by the word of the gateway. */
    private static String address(RoutingContext context) {
        return ApiException.require(context.request().getHeader("X-Forwarded-For"), "X-Forwarded-For");
    }

    record Body(
            @Nullable String label,
            AddressList.@Nullable Type listType,
            @Nullable List<String> ipAddresses,
            @Nullable Boolean enabled) {
        AddressList.Content whole() {
            return new AddressList.Content(
                    ApiException.require(label, "label"),
                    ApiException.require(listType, "list_type"),
                    checked(ApiException.require(ipAddresses, "ip_addresses")),
                    enabled == null || enabled);
        }

        AddressList.Content over(AddressList.Content before) {
            return new AddressList.Content(
                    label == null ? before.label() : label,
                    listType == null ? before.type() : listType,
                    ipAddresses == null ? before.addresses() : checked(ipAddresses),
                    enabled == null ? before.enabled() : enabled);
        }

        private static List<String> checked(List<String> addresses) {
            for (int i = 0; i < addresses.size(); i++) {
                ApiException.require(addresses.get(i), "ip_addresses[" + i + "]");
            }
            return addresses;
        }
    }

    record Info(
            String listId,
            String label,
            AddressList.Type listType,
            List<String> ipAddresses,
            int addressCount,
            boolean enabled,
            long createdAt,
            long createdBy,
            long updatedAt,
            long updatedBy) {
        static Info of(AddressList list) {
            return new Info(
                    list.listId(),
                    list.label(),
                    list.type(),
                    list.addresses(),
                    list.addresses().size(),
                    list.enabled(),
                    list.createdAt().toEpochMilli(),
                    list.createdBy(),
                    list.updatedAt().toEpochMilli(),
                    list.updatedBy());
        }
    }

    record Answer(Info ipAccessList) {}

    record ListAnswer(List<Info> ipAccessLists) {}
}
