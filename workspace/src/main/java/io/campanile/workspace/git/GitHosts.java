package io.campanile.workspace.git;

import io.campanile.common.http.ApiException;
import io.campanile.common.net.AddressRange;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which servers may be asked: those at public addresses, and those a setting names. A person who gives an address must
 * not reach what only this machine reaches.
 */
final class GitHosts {
    private static final List<AddressRange> NOT_PUBLIC = Stream.of(
                    "0.0.0.0/8",
                    "10.0.0.0/8",
                    "100.64.0.0/10",
                    "127.0.0.0/8",
                    "169.254.0.0/16",
                    "172.16.0.0/12",
                    "192.0.0.0/24",
                    "192.168.0.0/16",
                    "198.18.0.0/15",
                    "224.0.0.0/4",
                    "240.0.0.0/4",
                    "::/128",
                    "::1/128",
                    "::/96",
                    "64:ff9b::/96",
                    "64:ff9b:1::/48",
                    "2001::/32",
                    "2002::/16",
                    "fc00::/7",
                    "fe80::/10",
                    "fec0::/10",
                    "ff00::/8")
            .flatMap(range -> AddressRange.parse(range).stream())
            .toList();

    private final Set<String> allowed;

    GitHosts(Set<String> allowed) {
        this.allowed = Set.copyOf(allowed);
    }

    /** Refuses a server by its name or any of its addresses. Asked before every connection: a name can move. */
    void check(URI uri) {
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        if (allowed.contains(host) || allowed.contains(host + ":" + port(uri))) {
            return;
        }
        for (InetAddress address : addresses(host)) {
            String text = address.getHostAddress();
            Optional<AddressRange> in =
                    NOT_PUBLIC.stream().filter(range -> range.holds(text)).findFirst();
            if (in.isPresent()) {
                throw ApiException.invalid("url: host " + host + " is not at a public address; an administrator of the"
                        + " installation permits it with the setting workspace.git.allowed-hosts");
            }
        }
    }

    private static InetAddress[] addresses(String host) {
        try {
            // The brackets of an IPv6 address are the URL's, not the address's.
            return InetAddress.getAllByName(host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
        } catch (UnknownHostException e) {
            throw ApiException.invalid("url: host " + host + " is not known");
        }
    }

    static boolean isSameServer(URI one, URI other) {
        return one.getScheme().equalsIgnoreCase(other.getScheme())
                && one.getHost().equalsIgnoreCase(String.valueOf(other.getHost()))
                && port(one) == port(other);
    }

    private static int port(URI uri) {
        if (uri.getPort() >= 0) {
            return uri.getPort();
        }
        return "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
    }
}
