package io.campanile.identity.scim;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a workspace knows of a person or service principal.
 *
 * @param userName the application id of a service principal
 * @param emails empty where the user name stands for the only one
 */
record Profile(
        String userName,
        String displayName,
        @Nullable String externalId,
        @Nullable String givenName,
        @Nullable String familyName,
        List<Email> emails) {
    Profile {
        emails = List.copyOf(emails);
    }

    /** One address; {@code type} such as "work". */
    record Email(
            String value,
            @Nullable String type,
            @Nullable Boolean primary,
            @Nullable String display) {}
}
