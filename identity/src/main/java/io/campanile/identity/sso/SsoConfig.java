package io.campanile.identity.sso;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Settings of sign-in through an OpenID provider.
 *
 * @param issuer the provider's address as its tokens spell it, such as {@code https://id.example.com/realms/campanile};
 *     empty while there is none
 * @param name what the page calls the provider
 * @param clientId as what this installation is known to the provider
 * @param clientSecret the secret of that client
 * @param groups {@code theirs -> ours, ...}: groups of workspaces that follow the provider's
 * @param adminRole the provider's role that makes its holders administrators of their workspaces; empty: none does
 * @param workspaces {@code theirs -> ours, ...}: groups of the provider and the workspace each one opens, by host name or
 *     id; empty: somebody new becomes a member of the workspace at whose address they sign in first
 * @param passwordSignIn whether passwords open the door beside the provider; those of the account's administrators do
 * @param refreshEvery how often a session that is in use is confirmed by the provider
 * @param grace how long sessions go on while the provider does not answer
 */
public record SsoConfig(
        String issuer,
        String name,
        String clientId,
        Secret clientSecret,
        String groups,
        String adminRole,
        String workspaces,
        boolean passwordSignIn,
        Duration refreshEvery,
        Duration grace) {
    private static final Pattern LOOPBACK = Pattern.compile("127(\\.\\d{1,3}){3}|\\[::1]|localhost");
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    /** Nothing but passwords. The constructor asks the two above. */
    public static final SsoConfig OFF = new SsoConfig(
            "", "Keycloak", "campanile", new Secret(""), "", "", "", true, Duration.ofMinutes(5), Duration.ofHours(1));

    public SsoConfig {
        requireNonNull(clientSecret, "clientSecret");
        NameMap mapped = NameMap.parse("identity.sso.groups", requireNonNull(groups, "groups"));
        NameMap opened = NameMap.parse("identity.sso.workspaces", requireNonNull(workspaces, "workspaces"));
        if (mapped.all().stream().anyMatch(ours -> ours.toLowerCase(Locale.ROOT).equals("users"))) {
            throw new IllegalArgumentException(
                    "identity.sso.groups must not name the group users: everybody of a workspace is in it");
        }
        if (refreshEvery.compareTo(SHORTEST) < 0 || grace.isNegative()) {
            throw new IllegalArgumentException(
                    "identity.sso.refresh-every must be at least 1 s, identity.sso.grace not negative");
        }
        if (issuer.isEmpty()) {
            requireUnused(mapped, opened, adminRole, clientSecret, passwordSignIn);
        } else {
            requireTrustworthy("identity.sso.issuer", issuer);
            requireSet(name, "identity.sso.name");
            requireSet(clientId, "identity.sso.client-id");
            requireSet(clientSecret.value(), "identity.sso.client-secret");
        }
    }

    /** Whether there is a provider. */
    public boolean on() {
        return !issuer.isEmpty();
    }

    NameMap groupMap() {
        return NameMap.parse("identity.sso.groups", groups);
    }

    NameMap workspaceMap() {
        return NameMap.parse("identity.sso.workspaces", workspaces);
    }

    /** What is read from there opens doors: nobody on the way may change it. */
    static URI requireTrustworthy(String what, String address) {
        try {
            URI uri = new URI(address);
            String host = uri.getHost() == null ? "" : uri.getHost();
            boolean safe = "https".equals(uri.getScheme())
                    || ("http".equals(uri.getScheme()) && LOOPBACK.matcher(host).matches());
            if (safe && !host.isEmpty() && uri.getRawFragment() == null && uri.getRawUserInfo() == null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(what + " is no address: " + address, e);
        }
        throw new IllegalArgumentException(
                what + " must be an https address (http on loopback only), not '" + address + "'");
    }

    private static void requireSet(String value, String name) {
        if (value.isBlank()) {
            throw new IllegalArgumentException(name + " must be set together with identity.sso.issuer");
        }
    }

    private static void requireUnused(
            NameMap groups, NameMap workspaces, String adminRole, Secret clientSecret, boolean passwordSignIn) {
        if (!groups.isEmpty()
                || !workspaces.isEmpty()
                || !adminRole.isEmpty()
                || !clientSecret.value().isEmpty()
                || !passwordSignIn) {
            throw new IllegalArgumentException(
                    "identity.sso.issuer must be set before anything else of identity.sso can be");
        }
    }
}
