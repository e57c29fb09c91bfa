package io.campanile.cli.session;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.cli.exit.CliFailure;
import io.campanile.cli.wire.ApiClient;
import io.campanile.cli.wire.Host;
import java.net.URI;
import java.util.Optional;

/** What the server offers for signing in (RFC 8414). */
public record Discovery(Host host, JsonNode document) {
    public static Discovery of(ApiClient nobody) {
        return new Discovery(nobody.host(), nobody.get("/oidc/.well-known/oauth-authorization-server"));
    }

    /** Whether a browser can sign in for a program: a server that knows no S256 does not do PKCE (RFC 8414, 2). */
    public boolean offersBrowser() {
        for (JsonNode method : document.path("code_challenge_methods_supported")) {
            if (method.asText().equals("S256")) {
                return document.hasNonNull("authorization_endpoint");
            }
        }
        return false;
    }

    public URI authorization() {
        return URI.create(host.url() + path("authorization_endpoint").orElseThrow(() -> missing("authorization")));
    }

    public String tokenPath() {
        return path("token_endpoint").orElseThrow(() -> missing("token"));
    }

    public Optional<String> revocationPath() {
        return path("revocation_endpoint");
    }

    /** Of the endpoint only the path is used: credentials go to the host the person named, and to no other. */
    private Optional<String> path(String name) {
        String url = document.path(name).asText("");
        return url.isEmpty() ? Optional.empty() : Optional.of(URI.create(url).getRawPath());
    }

    private CliFailure missing(String what) {
        return CliFailure.failed("The server at " + host.url() + " names no " + what + " endpoint.");
    }
}
