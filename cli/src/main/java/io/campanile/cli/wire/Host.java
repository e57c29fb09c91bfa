package io.campanile.cli.wire;

import io.campanile.cli.exit.CliFailure;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/** Where a server is: scheme, name and port, nothing more. */
public record Host(String url) {
    /** Takes what people type: without a scheme it is https, or http for this machine; a path is dropped. */
    public static Host parse(String typed) {
        String text = typed.strip();
        boolean scheme = text.matches("(?i)[a-z]+://.*");
        URI uri = uri(scheme ? text : "https://" + text, typed);
        if (uri.getHost() == null || uri.getUserInfo() != null) {
            throw invalid(typed);
        }
        String name = uri.getHost().toLowerCase(Locale.ROOT);
        String used = scheme ? uri.getScheme().toLowerCase(Locale.ROOT) : local(name) ? "http" : "https";
        if (!used.equals("http") && !used.equals("https")) {
            throw invalid(typed);
        }
        return new Host(used + "://" + name + (uri.getPort() < 0 ? "" : ":" + uri.getPort()));
    }

    /** Whether what is sent there can be read on the way. */
    public boolean exposed() {
        return url.startsWith("http://") && !local(URI.create(url).getHost());
    }

    /** The address to connect to: names under localhost are this machine (RFC 6761), which not every resolver knows. */
    String address() {
        URI uri = URI.create(url);
        return uri.getHost().endsWith(".localhost") && uri.getScheme().equals("http")
                ? "http://localhost" + (uri.getPort() < 0 ? "" : ":" + uri.getPort())
                : url;
    }

    /** The Host header, when it is not what the address says. */
    String authority() {
        return url.substring(url.indexOf("//") + 2);
    }

    private static boolean local(String name) {
        return name.equals("localhost")
                || name.endsWith(".localhost")
                || name.startsWith("127.")
                || name.equals("[::1]");
    }

    private static URI uri(String text, String typed) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw invalid(typed);
        }
    }

    private static CliFailure invalid(String typed) {
        return CliFailure.usage("'" + typed + "' is not the address of a server; https://campanile.example.com and"
                + " http://localhost:8700 are.");
    }
}
