package io.campanile.identity.scim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.auth.Secret;
import io.campanile.common.directory.PrincipalKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Users and service principals as SCIM shows them. */
final class AccountWire {
    static final String USER = "urn:ietf:params:scim:schemas:core:2.0:User";
    static final String SERVICE_PRINCIPAL = "urn:ietf:params:scim:schemas:core:2.0:ServicePrincipal";
    static final String PASSWORD = "password";
    private static final int MOST_EMAILS = 20;

    private AccountWire() {}

    /** What a request wants a resource to be; null where it does not say. */
    record Wanted(
            @Nullable String userName,
            @Nullable String displayName,
            @Nullable String externalId,
            @Nullable String givenName,
            @Nullable String familyName,
            List<Profile.Email> emails,
            @Nullable Boolean active,
            Set<String> entitlements,
            Set<Long> groups,
            @Nullable Secret password) {}

    static String schema(PrincipalKind kind) {
        return kind == PrincipalKind.USER ? USER : SERVICE_PRINCIPAL;
    }

    static ObjectNode write(Account account) {
        ObjectNode resource = Resources.empty();
        Profile profile = account.profile();
        boolean user = account.kind() == PrincipalKind.USER;
        Resources.head(resource, schema(account.kind()), account.id());
        resource.put(user ? "userName" : "applicationId", profile.userName());
        resource.put("displayName", profile.displayName());
        if (profile.externalId() != null) {
            resource.put("externalId", profile.externalId());
        }
        resource.put("active", account.active());
        if (user) {
            name(resource, profile);
            emails(resource.putArray("emails"), profile);
        }
        Resources.groups(resource, account.groups());
        Resources.entitlements(resource, account.entitlements());
        return resource;
    }

    /** Who asks is a user to the client libraries, also where it is a service principal: they read userName. */
    static ObjectNode me(Account account) {
        return write(account).put("userName", account.profile().userName());
    }

    static Wanted read(PrincipalKind kind, ObjectNode resource) {
        Resources.refuse(resource, "roles", "roles of instance profiles are not kept here");
        boolean user = kind == PrincipalKind.USER;
        if (!user) {
            Resources.refuse(resource, PASSWORD, "a service principal has none; it signs in with client secrets");
        }
        @Nullable JsonNode name = user ? resource.get("name") : null;
        if (name != null && !name.isNull() && !name.isObject()) {
            throw ScimFailures.invalidValue("name must be an object");
        }
        return new Wanted(
                Resources.text(resource, user ? "userName" : "applicationId"),
                Resources.text(resource, "displayName"),
                Resources.text(resource, "externalId"),
                name == null ? null : Resources.text(name, "givenName"),
                name == null ? null : Resources.text(name, "familyName"),
                user ? emails(resource) : List.of(),
                Resources.truth(resource, "active"),
                Resources.entitlements(resource),
                Resources.ids(resource, "groups"),
                user ? password(resource) : null);
    }

    static Patches patches(PrincipalKind kind) {
        return new Patches(
                schema(kind), kind == PrincipalKind.USER ? KnownAttributes.USERS : KnownAttributes.SERVICE_PRINCIPALS);
    }

    /** Unlike other texts it is as it is, and no failure says what it was. */
    private static @Nullable Secret password(ObjectNode resource) {
        @Nullable JsonNode value = resource.get(PASSWORD);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw ScimFailures.invalidValue("password must be a string");
        }
        return new Secret(value.textValue());
    }

    private static void name(ObjectNode resource, Profile profile) {
        if (profile.givenName() == null && profile.familyName() == null) {
            return;
        }
        ObjectNode name = resource.putObject("name");
        if (profile.givenName() != null) {
            name.put("givenName", profile.givenName());
        }
        if (profile.familyName() != null) {
            name.put("familyName", profile.familyName());
        }
    }

    private static void emails(ArrayNode array, Profile profile) {
        if (profile.emails().isEmpty()) {
            array.addObject()
                    .put("type", "work")
                    .put("value", profile.userName())
                    .put("primary", true);
            return;
        }
        for (Profile.Email email : profile.emails()) {
            ObjectNode element = array.addObject().put("value", email.value());
            if (email.type() != null) {
                element.put("type", email.type());
            }
            if (email.primary() != null) {
                element.put("primary", email.primary());
            }
            if (email.display() != null) {
                element.put("display", email.display());
            }
        }
    }

    private static List<Profile.Email> emails(ObjectNode resource) {
        List<Profile.Email> emails = new ArrayList<>();
        for (JsonNode element : Resources.values(resource, "emails")) {
            @Nullable String value = element.isObject() ? Resources.text(element, "value") : null;
            if (value == null) {
                throw ScimFailures.invalidValue("emails has an element without a value");
            }
            emails.add(new Profile.Email(
                    value,
                    Resources.text(element, "type"),
                    Resources.truth(element, "primary"),
                    Resources.text(element, "display")));
        }
        if (emails.size() > MOST_EMAILS) {
            throw ScimFailures.invalidValue("emails has at most " + MOST_EMAILS + " values");
        }
        return emails;
    }
}
