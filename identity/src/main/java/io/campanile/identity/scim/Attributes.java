package io.campanile.identity.scim;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of a kind of resource that can be filtered and sorted by, with the SQL of each. Names are compared
 * without case (RFC 7643, 2.1). A multi-valued attribute has a frame: the condition on one value goes in its place.
 */
final class Attributes {
    /** How values compare: RFC 7643 says which attributes mind case. */
    enum Kind {
        EXACT,
        CASELESS,
        /** Without case, in a column that already is in lower case. */
        LOWERED,
        BOOLEAN
    }

    record Attribute(String sql, Kind kind, @Nullable String frame) {}

    private static final String MEMBERSHIPS = "exists (select 1 from group_member m"
            + " join user_group p on p.workspace_id = m.workspace_id and p.group_id = m.group_id"
            + " where m.workspace_id = r.workspace_id and m.member_id = r.%ID and %s)";
    private static final String ENTITLEMENTS = "exists (select 1 from entitlement t"
            + " where t.workspace_id = r.workspace_id and t.principal_id = r.%ID and %s)";
    private static final String EMAILS = "exists (select 1 from jsonb_array_elements(coalesce(r.emails,"
            + " jsonb_build_array(jsonb_build_object('value', r.user_name, 'type', 'work', 'primary', true)))) e (v)"
            + " where %s)";
    private static final String MEMBERS = "exists (select 1 from group_member m"
            + " where m.workspace_id = r.workspace_id and m.group_id = r.group_id and %s)";
    private static final String MEMBER_NAME = "coalesce("
            + "(select a.display_name from account a where a.workspace_id = m.workspace_id and a.user_id = m.member_id),"
            + " (select g.name from user_group g where g.workspace_id = m.workspace_id and g.group_id = m.member_id))";

    static final Attributes USERS = new Attributes()
            .principal("user_id")
            .one("username", "r.login_name", Kind.LOWERED)
            .one("displayname", "r.display_name", Kind.CASELESS)
            .one("active", "r.active", Kind.BOOLEAN)
            .one("name.givenname", "r.given_name", Kind.CASELESS)
            .one("name.familyname", "r.family_name", Kind.CASELESS)
            .many("emails", "value", EMAILS, "e.v ->> 'value'", Kind.CASELESS)
            .many("emails", "type", EMAILS, "e.v ->> 'type'", Kind.CASELESS)
            .many("emails", "primary", EMAILS, "cast(e.v ->> 'primary' as boolean)", Kind.BOOLEAN);
    static final Attributes SERVICE_PRINCIPALS = new Attributes()
            .principal("user_id")
            .one("applicationid", "r.login_name", Kind.LOWERED)
            .one("displayname", "r.display_name", Kind.CASELESS)
            .one("active", "r.active", Kind.BOOLEAN);
    static final Attributes GROUPS = new Attributes()
            .principal("group_id")
            .one("displayname", "r.name", Kind.CASELESS)
            .one("meta.resourcetype", "'WorkspaceGroup'", Kind.EXACT)
            .many("members", "value", MEMBERS, "cast(m.member_id as text)", Kind.EXACT)
            .many("members", "display", MEMBERS, MEMBER_NAME, Kind.CASELESS);

    private final Map<String, Attribute> known = new HashMap<>();

    private Attributes() {}

    /** An attribute by its path without schema; a multi-valued one alone stands for its values. */
    Optional<Attribute> find(String path) {
        String name = path.toLowerCase(Locale.ROOT);
        return Optional.ofNullable(known.get(name)).or(() -> Optional.ofNullable(known.get(name + ".value")));
    }

    private Attributes principal(String id) {
        return one("id", "cast(r." + id + " as text)", Kind.EXACT)
                .one("externalid", "r.external_id", Kind.EXACT)
                .many("groups", "value", MEMBERSHIPS.replace("%ID", id), "cast(p.group_id as text)", Kind.EXACT)
                .many("groups", "display", MEMBERSHIPS.replace("%ID", id), "p.name", Kind.CASELESS)
                .many("entitlements", "value", ENTITLEMENTS.replace("%ID", id), "t.name", Kind.CASELESS);
    }

    private Attributes one(String name, String sql, Kind kind) {
        known.put(name, new Attribute(sql, kind, null));
        return this;
    }

    private Attributes many(String name, String sub, String frame, String sql, Kind kind) {
        known.put(name + "." + sub, new Attribute(sql, kind, frame));
        return this;
    }
}
