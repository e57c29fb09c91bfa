package io.campanile.identity.sso;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a verified ID token says of a person.
 *
 * @param providerSession the provider's id of the sign-in, when it says one
 */
record Claims(
        String subject,
        Optional<String> verifiedEmail,
        String preferredName,
        @Nullable String displayName,
        @Nullable String givenName,
        @Nullable String familyName,
        Set<String> groups,
        Set<String> roles,
        @Nullable String providerSession) {
    Claims {
        requireNonNull(subject, "subject");
        requireNonNull(verifiedEmail, "verifiedEmail");
        requireNonNull(preferredName, "preferredName");
        groups = Set.copyOf(groups);
        roles = Set.copyOf(roles);
    }
}
