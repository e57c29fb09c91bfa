package io.campanile.identity.oauth;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A program on a person's own machine. It has no secret: PKCE binds the code to it, and the answer goes to the same
 * machine alone.
 */
record PublicClient(String clientId, String name) {
    /**
     * Where public clients listen: this machine, any port (RFC 8252, 7.3), compared as a whole. "localhost" is what the
     * client libraries say; the paths are those they use.
     */
    private static final Pattern REDIRECT =
            Pattern.compile("http://(?:localhost|127\\.0\\.0\\.1|\\[::1\\])(?::[1-9][0-9]{0,4})?(?:/|/callback)?");

    private static final List<PublicClient> KNOWN = List.of(
            new PublicClient("databricks-cli", "Command line and client libraries"),
            new PublicClient("databricks-sql-jdbc", "JDBC driver"),
            new PublicClient("campanile-cli", "Campanile command line"));

    static Optional<PublicClient> find(String clientId) {
        return KNOWN.stream()
                .filter(client -> client.clientId().equals(clientId))
                .findFirst();
    }

    static boolean allowsRedirect(String uri) {
        return REDIRECT.matcher(uri).matches();
    }
}
