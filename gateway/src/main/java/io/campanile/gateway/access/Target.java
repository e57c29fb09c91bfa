package io.campanile.gateway.access;

import static java.util.Objects.requireNonNull;

import io.vertx.ext.web.RoutingContext;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The workspace a request is addressed to.
 *
 * @param there false when the address names a workspace that is not, or two at once
 * @param ofHost the workspace whose host name was used
 * @param wanted the workspace that host name, query or header named; empty when none did, so that the credential says
 */
public record Target(boolean there, OptionalLong ofHost, OptionalLong wanted) {
    static final Target ANY = new Target(true, OptionalLong.empty(), OptionalLong.empty());
    static final Target NOWHERE = new Target(false, OptionalLong.empty(), OptionalLong.empty());
    private static final String KEY = "campanile.target";

    public Target {
        requireNonNull(ofHost, "ofHost");
        requireNonNull(wanted, "wanted");
    }

    /** Whether a credential of this workspace may be used at the address. */
    public boolean admits(long workspaceId) {
        return there && (wanted.isEmpty() || wanted.getAsLong() == workspaceId);
    }

    public void remember(RoutingContext context) {
        context.put(KEY, this);
    }

    public static Target of(RoutingContext context) {
        @Nullable Target target = context.get(KEY);
        return target == null ? ANY : target;
    }
}
