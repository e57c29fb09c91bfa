package io.campanile.identity.scim;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.directory.PrincipalKind;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Groups as SCIM shows them. */
final class GroupWire {
    static final String SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Group";

    private GroupWire() {}

    /** What a request wants a group to be; {@code members} null where it does not say. */
    record Wanted(
            @Nullable String name,
            @Nullable String externalId,
            @Nullable Set<Long> members,
            Set<String> entitlements,
            Set<Long> groups) {}

    static ObjectNode write(Group group) {
        ObjectNode resource = Resources.empty();
        Resources.head(resource, SCHEMA, group.id());
        resource.put("displayName", group.name());
        if (group.externalId() != null) {
            resource.put("externalId", group.externalId());
        }
        resource.putObject("meta").put("resourceType", "WorkspaceGroup");
        ArrayNode members = resource.putArray("members");
        for (Member member : group.members()) {
            members.addObject()
                    .put("display", member.display())
                    .put("value", Long.toString(member.id()))
                    .put("$ref", folder(member.kind()) + "/" + member.id());
        }
        Resources.groups(resource, group.groups());
        Resources.entitlements(resource, group.entitlements());
        return resource;
    }

    static Wanted read(ObjectNode resource) {
        Resources.refuse(resource, "roles", "roles of instance profiles are not kept here");
        return new Wanted(
                Resources.text(resource, "displayName"),
                Resources.text(resource, "externalId"),
                resource.has("members") ? Resources.ids(resource, "members") : null,
                Resources.entitlements(resource),
                Resources.ids(resource, "groups"));
    }

    private static String folder(PrincipalKind kind) {
        return switch (kind) {
            case USER -> "Users";
            case SERVICE_PRINCIPAL -> "ServicePrincipals";
            case GROUP -> "Groups";
        };
    }
}
