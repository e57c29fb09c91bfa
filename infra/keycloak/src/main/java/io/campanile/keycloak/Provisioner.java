package io.campanile.keycloak;

import static java.util.Objects.requireNonNull;

import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.core.Response;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.keycloak.admin.client.Keycloak;
import org.keycloak.admin.client.resource.ClientResource;
import org.keycloak.admin.client.resource.RealmResource;
import org.keycloak.representations.idm.ClientRepresentation;
import org.keycloak.representations.idm.GroupRepresentation;
import org.keycloak.representations.idm.ProtocolMapperRepresentation;
import org.keycloak.representations.idm.RealmRepresentation;
import org.keycloak.representations.idm.RoleRepresentation;

/**
 * Brings a realm into the shape of the shipped one, whatever is there. It adds and mends; it deletes nothing, and a second
 * run changes nothing. Users, further groups and further clients of the realm are the operator's.
 */
final class Provisioner {
    static final String CLIENT = "campanile";
    /** Keycloak's own separator of addresses in one attribute. */
    private static final String AND = "##";

    private static final String AFTER_LOGOUT = "post.logout.redirect.uris";

    private final Keycloak keycloak;

    /** {@code origins}: addresses of the deployment as browsers spell them; Keycloak itself calls the first. */
    record Wanted(String realm, List<String> origins) {
        Wanted {
            requireNonNull(realm, "realm");
            origins = List.copyOf(origins);
            if (origins.isEmpty() || !realm.matches("[A-Za-z0-9_-]{1,60}")) {
                throw new IllegalArgumentException("A realm has a name of letters, digits, - and _, and an origin");
            }
            for (String origin : origins) {
                if (!origin.matches("https?://[a-z0-9.-]+(:[0-9]{1,5})?")) {
                    throw new IllegalArgumentException(
                            "An origin is http(s)://host or http(s)://host:port, not " + origin);
                }
            }
        }
    }

    /** {@code changes}: what was not as it should be, in words. */
    record Outcome(String realm, String secret, List<String> changes) {
        @Override
        public String toString() {
            return "Outcome[" + realm + ", ****, " + changes + "]";
        }
    }

    Provisioner(Keycloak keycloak) {
        this.keycloak = requireNonNull(keycloak, "keycloak");
    }

    Outcome provision(Wanted wanted) {
        List<String> changes = new ArrayList<>();
        RealmRepresentation shape = RealmTemplate.filled(Map.of(
                "CAMPANILE_REALM", wanted.realm(),
                "CAMPANILE_ORIGIN", wanted.origins().get(0),
                "CAMPANILE_CLIENT_SECRET", newSecret()));
        ClientRepresentation client = shape.getClients().get(0);
        client.setRedirectUris(wanted.origins().stream()
                .map(origin -> origin + "/oidc/sso/callback")
                .toList());
        client.getAttributes()
                .put(
                        AFTER_LOGOUT,
                        String.join(
                                AND,
                                wanted.origins().stream()
                                        .map(origin -> origin + "/login")
                                        .toList()));
        RealmResource realm = keycloak.realm(wanted.realm());
        if (!exists(realm)) {
            keycloak.realms().create(shape);
            changes.add("made the realm " + wanted.realm());
        } else {
            String id = mend(realm, client, changes);
            roles(realm, id, shape, changes);
            groups(realm, id, shape, changes);
        }
        ClientRepresentation made = realm.clients().findByClientId(CLIENT).get(0);
        return new Outcome(
                wanted.realm(), realm.clients().get(made.getId()).getSecret().getValue(), changes);
    }

    private static boolean exists(RealmResource realm) {
        try {
            realm.toRepresentation();
            return true;
        } catch (NotFoundException e) {
            return false;
        }
    }

    /** The id of the client. */
    private static String mend(RealmResource realm, ClientRepresentation wanted, List<String> changes) {
        List<ClientRepresentation> found = realm.clients().findByClientId(CLIENT);
        if (found.isEmpty()) {
            try (Response made = realm.clients().create(wanted)) {
                require(made, "the client " + CLIENT);
            }
            changes.add("made the client " + CLIENT);
            return realm.clients().findByClientId(CLIENT).get(0).getId();
        }
        ClientRepresentation client = found.get(0);
        List<String> wrong = differences(client, wanted);
        ClientResource resource = realm.clients().get(client.getId());
        if (!wrong.isEmpty()) {
            resource.update(client);
            wrong.forEach(what -> changes.add("set " + what + " of the client"));
        }
        mappers(resource, wanted, changes);
        return client.getId();
    }

    /** Changes {@code client} and says what was changed. */
    private static List<String> differences(ClientRepresentation client, ClientRepresentation wanted) {
        List<String> wrong = new ArrayList<>();
        Set<String> redirects = new LinkedHashSet<>(client.getRedirectUris());
        if (redirects.addAll(wanted.getRedirectUris())) {
            client.setRedirectUris(List.copyOf(redirects));
            wrong.add("redirect URIs");
        }
        List<Object> flows = flows(client);
        if (!flows.equals(flows(wanted))) {
            client.setStandardFlowEnabled(wanted.isStandardFlowEnabled());
            client.setImplicitFlowEnabled(wanted.isImplicitFlowEnabled());
            client.setDirectAccessGrantsEnabled(wanted.isDirectAccessGrantsEnabled());
            client.setServiceAccountsEnabled(wanted.isServiceAccountsEnabled());
            client.setFullScopeAllowed(wanted.isFullScopeAllowed());
            client.setPublicClient(wanted.isPublicClient());
            client.setEnabled(true);
            wrong.add("flows");
        }
        wanted.getAttributes().forEach((name, value) -> {
            String merged =
                    name.equals(AFTER_LOGOUT) ? union(client.getAttributes().get(name), value) : value;
            if (!Objects.equals(client.getAttributes().put(name, merged), merged)) {
                wrong.add(name);
            }
        });
        return wrong;
    }

    private static List<Object> flows(ClientRepresentation client) {
        return List.of(
                client.isStandardFlowEnabled(),
                client.isImplicitFlowEnabled(),
                client.isDirectAccessGrantsEnabled(),
                client.isServiceAccountsEnabled(),
                client.isFullScopeAllowed(),
                client.isPublicClient(),
                client.isEnabled());
    }

    private static String union(@org.jspecify.annotations.Nullable String had, String wanted) {
        Set<String> all = new LinkedHashSet<>(had == null || had.isEmpty() ? List.of() : List.of(had.split(AND)));
        all.addAll(List.of(wanted.split(AND)));
        return String.join(AND, all);
    }

    private static void mappers(ClientResource client, ClientRepresentation wanted, List<String> changes) {
        List<ProtocolMapperRepresentation> there = client.getProtocolMappers().getMappers();
        for (ProtocolMapperRepresentation mapper : wanted.getProtocolMappers()) {
            ProtocolMapperRepresentation found = there.stream()
                    .filter(one -> one.getName().equals(mapper.getName()))
                    .findFirst()
                    .orElse(null);
            if (found == null) {
                try (Response made = client.getProtocolMappers().createMapper(mapper)) {
                    require(made, "the mapper " + mapper.getName());
                }
                changes.add("made the mapper " + mapper.getName());
            } else if (!found.getConfig()
                    .entrySet()
                    .containsAll(mapper.getConfig().entrySet())) {
                found.getConfig().putAll(mapper.getConfig());
                client.getProtocolMappers().update(found.getId(), found);
                changes.add("set the mapper " + mapper.getName());
            }
        }
    }

    private static void roles(RealmResource realm, String clientId, RealmRepresentation shape, List<String> changes) {
        var roles = realm.clients().get(clientId).roles();
        Set<String> there = new LinkedHashSet<>(
                roles.list().stream().map(RoleRepresentation::getName).toList());
        for (RoleRepresentation role : shape.getRoles().getClient().getOrDefault(CLIENT, List.of())) {
            if (there.add(role.getName())) {
                roles.create(role);
                changes.add("made the role " + role.getName());
            }
        }
    }

    private static void groups(RealmResource realm, String clientId, RealmRepresentation shape, List<String> changes) {
        List<GroupRepresentation> there = realm.groups().groups();
        for (GroupRepresentation wanted : shape.getGroups()) {
            String id = there.stream()
                    .filter(group -> group.getName().equals(wanted.getName()))
                    .map(GroupRepresentation::getId)
                    .findFirst()
                    .orElse(null);
            if (id == null) {
                GroupRepresentation bare = new GroupRepresentation();
                bare.setName(wanted.getName());
                try (Response made = realm.groups().add(bare)) {
                    require(made, "the group " + wanted.getName());
                    String path = made.getLocation().getPath();
                    id = path.substring(path.lastIndexOf('/') + 1);
                }
                changes.add("made the group " + wanted.getName());
            }
            Map<String, List<String>> held = wanted.getClientRoles();
            grant(realm, id, clientId, held == null ? List.of() : held.getOrDefault(CLIENT, List.of()), changes);
        }
    }

    private static void grant(
            RealmResource realm, String groupId, String clientId, List<String> names, List<String> changes) {
        var held = realm.groups().group(groupId).roles().clientLevel(clientId);
        Set<String> there = new LinkedHashSet<>(
                held.listAll().stream().map(RoleRepresentation::getName).toList());
        for (String name : names) {
            if (there.add(name)) {
                held.add(List.of(realm.clients().get(clientId).roles().get(name).toRepresentation()));
                changes.add("gave a group the role " + name);
            }
        }
    }

    private static void require(Response made, String what) {
        if (made.getStatus() / 100 != 2) {
            throw new IllegalStateException("Keycloak does not make " + what + ": HTTP " + made.getStatus());
        }
    }

    private static String newSecret() {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }
}
