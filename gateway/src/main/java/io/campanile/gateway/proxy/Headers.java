package io.campanile.gateway.proxy;

import io.vertx.core.MultiMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What may pass the gateway in either direction. */
final class Headers {
    private static final Set<String> HOP_BY_HOP = Set.of(
            "connection",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "http2-settings");
    /** Made here or meant for the gateway alone; services see no credential of the outside. */
    private static final Set<String> STRIPPED_FROM_REQUESTS = Set.of(
            "host",
            "authorization",
            "cookie",
            "expect",
            "forwarded",
            "x-request-id",
            "x-real-ip",
            "content-length",
            "x-databricks-workspace-id",
            "x-databricks-org-id");
    /** The gateway's own word on security stands, and services set no cookies and send nobody elsewhere. */
    private static final Set<String> STRIPPED_FROM_ANSWERS = Set.of(
            "set-cookie",
            "set-cookie2",
            "location",
            "refresh",
            "server",
            "x-powered-by",
            "x-request-id",
            "x-databricks-org-id",
            "content-security-policy",
            "content-security-policy-report-only",
            "x-content-type-options",
            "x-frame-options",
            "referrer-policy",
            "cross-origin-opener-policy",
            "cross-origin-resource-policy",
            "permissions-policy",
            "strict-transport-security",
            "clear-site-data",
            "service-worker-allowed");

    private Headers() {}

    static MultiMap ofRequest(MultiMap inbound) {
        return filtered(inbound, STRIPPED_FROM_REQUESTS);
    }

    static MultiMap ofAnswer(MultiMap inbound) {
        return filtered(inbound, STRIPPED_FROM_ANSWERS);
    }

    private static MultiMap filtered(MultiMap inbound, Set<String> stripped) {
        Set<String> named = namedByConnection(inbound.getAll("Connection"));
        MultiMap outbound = MultiMap.caseInsensitiveMultiMap();
        for (Map.Entry<String, String> header : inbound) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (!HOP_BY_HOP.contains(name)
                    && !stripped.contains(name)
                    && !named.contains(name)
                    && !internal(name.replace('_', '-'))) {
                outbound.add(header.getKey(), header.getValue());
            }
        }
        return outbound;
    }

    private static boolean internal(String name) {
        return name.startsWith("x-campanile-")
                || name.startsWith("x-forwarded-")
                || name.startsWith("access-control-allow-")
                || name.startsWith("sec-websocket-");
    }

    private static Set<String> namedByConnection(List<String> connection) {
        Set<String> named = new HashSet<>();
        for (String header : connection) {
            for (String name : header.split(",", -1)) {
                named.add(name.strip().toLowerCase(Locale.ROOT));
            }
        }
        return named;
    }
}
