package io.campanile.identity.scim;

import com.unboundid.scim2.common.Path;
import com.unboundid.scim2.common.filters.Filter;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The attributes that a kind of resource has, for what may not name another: a change of an attribute nobody knows would
 * be answered with success and be lost. Names are compared without case (RFC 7643, 2.1).
 */
final class KnownAttributes {
    private static final Set<String> VALUES = Set.of("value", "display", "type", "primary", "$ref");
    private static final Set<String> META = Set.of("resourcetype", "created", "lastmodified", "location", "version");

    /** With the schema before it. */
    private static final int LONGEST_SHOWN = 200;

    static final KnownAttributes USERS = new KnownAttributes("user")
            .with(Set.of(), "username", "displayname", "active", "password")
            .keeping("username", "password")
            .with(Set.of("givenname", "familyname"), "name")
            .with(VALUES, "emails");
    static final KnownAttributes SERVICE_PRINCIPALS = new KnownAttributes("service principal")
            .with(Set.of(), "applicationid", "displayname", "active")
            .keeping("applicationid");
    static final KnownAttributes GROUPS = new KnownAttributes("group")
            .with(Set.of(), "displayname")
            .keeping("displayname")
            .with(VALUES, "members");

    private final String kind;
    private final Map<String, Set<String>> parts = new HashMap<>();
    private final Set<String> kept = new HashSet<>(Set.of("schemas", "id"));

    private KnownAttributes(String kind) {
        this.kind = kind;
        with(Set.of(), "schemas", "id", "externalid")
                .with(META, "meta")
                .with(VALUES, "groups", "entitlements", "roles");
    }

    private KnownAttributes with(Set<String> parted, String... names) {
        for (String name : names) {
            parts.put(name, parted);
        }
        return this;
    }

    /** Those that every resource of the kind has. */
    private KnownAttributes keeping(String... names) {
        kept.addAll(List.of(names));
        return this;
    }

    /** Refuses to remove what is always there (RFC 7644, 3.5.2.2); of a password nobody could see that it still is. */
    void requireNoLoss(Path path) {
        String name = path.getElement(0).getAttribute();
        if (kept.contains(name.toLowerCase(Locale.ROOT))) {
            throw ScimFailures.mutability(name + " can be replaced, not removed");
        }
    }

    /** Refuses a path, without the kind's own schema before it, that names what no such resource has. */
    void require(Path path) {
        if (path.getSchemaUrn() != null || path.size() == 0) {
            throw unknown(path.toString());
        }
        String name = path.getElement(0).getAttribute();
        @Nullable Set<String> known = parts.get(name.toLowerCase(Locale.ROOT));
        if (known == null || path.size() > 2 || path.size() == 2 && !known.contains(lower(path.getElement(1)))) {
            throw unknown(named(path));
        }
        for (Path.Element element : path) {
            if (element.getValueFilter() != null) {
                require(element.getValueFilter(), name, known);
            }
        }
    }

    private void require(Filter filter, String name, Set<String> known) {
        switch (filter.getFilterType()) {
            case AND, OR -> filter.getCombinedFilters().forEach(part -> require(part, name, known));
            case NOT -> require(filter.getInvertedFilter(), name, known);
            default -> {
                @Nullable Path path = filter.getAttributePath();
                if (path == null || path.size() != 1 || !known.contains(lower(path.getElement(0)))) {
                    throw unknown(name + (path == null ? "" : "." + named(path)));
                }
            }
        }
    }

    /** Without what a filter compares with. */
    private static String named(Path path) {
        return StreamSupport.stream(path.spliterator(), false)
                .map(Path.Element::getAttribute)
                .collect(Collectors.joining("."));
    }

    private static String lower(Path.Element element) {
        return element.getAttribute().toLowerCase(Locale.ROOT);
    }

    private RuntimeException unknown(String name) {
        return ScimFailures.invalidPath("A " + kind + " has no attribute " + Resources.shown(name, LONGEST_SHOWN));
    }
}
