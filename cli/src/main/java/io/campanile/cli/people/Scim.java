package io.campanile.cli.people;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.cli.exit.CliFailure;
import io.campanile.cli.exit.ExitCode;
import io.campanile.cli.wire.ApiClient;
import io.campanile.cli.wire.ApiFailure;
import io.campanile.cli.wire.Call;
import io.campanile.cli.wire.Json;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The requests of SCIM 2.0 (RFC 7644) for one kind of resource. */
final class Scim {
    private static final String PREFIX = "/api/2.0/preview/scim/v2/";
    private static final int PAGE = 100;
    private static final String PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

    private final ApiClient api;
    private final Kind kind;

    /** A resource type, what people call one of it, and the attribute that names it. */
    enum Kind {
        USER("Users", "user", "userName", "urn:ietf:params:scim:schemas:core:2.0:User"),
        GROUP("Groups", "group", "displayName", "urn:ietf:params:scim:schemas:core:2.0:Group"),
        SERVICE_PRINCIPAL(
                "ServicePrincipals",
                "service principal",
                "displayName",
                "urn:ietf:params:scim:schemas:core:2.0:ServicePrincipal");

        private final String resource;
        private final String title;
        private final String named;
        private final String schema;

        Kind(String resource, String title, String named, String schema) {
            this.resource = resource;
            this.title = title;
            this.named = named;
            this.schema = schema;
        }

        String title() {
            return title;
        }
    }

    Scim(ApiClient api, Kind kind) {
        this.api = requireNonNull(api, "api");
        this.kind = requireNonNull(kind, "kind");
    }

    /** Every page, as one list answer. */
    ObjectNode list(@Nullable String filter) {
        ObjectNode all = Json.object();
        ArrayNode resources = all.putArray("Resources");
        while (true) {
            Call call = Call.get(PREFIX + kind.resource)
                    .query("startIndex", Integer.toString(resources.size() + 1))
                    .query("count", Integer.toString(PAGE));
            JsonNode page = api.json(filter == null ? call : call.query("filter", filter));
            page.path("Resources").forEach(resources::add);
            if (page.path("Resources").isEmpty()
                    || resources.size() >= page.path("totalResults").asInt()) {
                all.put("totalResults", resources.size());
                return all;
            }
        }
    }

    /** One by its name or its id. */
    JsonNode get(String nameOrId) {
        return find(nameOrId)
                .orElseThrow(() -> new CliFailure(
                        ExitCode.NOT_FOUND,
                        "There is no " + kind.title + " '" + nameOrId + "'.\n'list' shows those that there are."));
    }

    Optional<JsonNode> find(String nameOrId) {
        JsonNode named = list(kind.named + " eq " + quoted(nameOrId)).path("Resources");
        if (named.isEmpty() && kind == Kind.SERVICE_PRINCIPAL) {
            named = list("applicationId eq " + quoted(nameOrId)).path("Resources");
        }
        if (named.size() > 1) {
            throw CliFailure.failed("There are " + named.size() + " of the name '" + nameOrId + "'; give the id.");
        }
        if (named.size() == 1) {
            return Optional.of(byId(named.get(0).path("id").asText()));
        }
        if (!nameOrId.matches("[0-9]{1,19}")) {
            return Optional.empty();
        }
        try {
            return Optional.of(byId(nameOrId));
        } catch (ApiFailure e) {
            if (e.absent()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private JsonNode byId(String id) {
        return api.get(path(id));
    }

    JsonNode create(ObjectNode fields) {
        fields.putArray("schemas").add(kind.schema);
        return api.post(PREFIX + kind.resource, fields);
    }

    JsonNode delete(String id) {
        return api.json(Call.of("DELETE", path(id)));
    }

    /** One operation of a PATCH; {@code value} null removes. */
    JsonNode patch(String id, String operation, String path, @Nullable JsonNode value) {
        ObjectNode body = Json.object();
        body.putArray("schemas").add(PATCH);
        ObjectNode one =
                body.putArray("Operations").addObject().put("op", operation).put("path", path);
        if (value != null) {
            one.set("value", value);
        }
        return api.json(Call.json("PATCH", path(id), body));
    }

    private String path(String id) {
        return PREFIX + kind.resource + "/" + Call.encoded(id);
    }

    /** A value within a filter or a path (RFC 7644, 3.4.2.2). */
    static String quoted(String value) {
        return "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
