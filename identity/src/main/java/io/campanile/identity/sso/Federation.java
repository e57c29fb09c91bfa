package io.campanile.identity.sso;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.identity.people.SignInProblem;
import io.campanile.identity.scim.FederationService;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the provider's groups and roles as the settings say, and lets memberships and groups here follow them. */
final class Federation {
    private static final Logger LOG = LoggerFactory.getLogger(Federation.class);
    private static final String ADMINS = "admins";

    private final SsoConfig config;
    private final NameMap groupMap;
    private final NameMap workspaceMap;
    private final FederationService members;

    /** Who came in, and where. */
    record Entered(long workspaceId, long userId, String userName) {}

    Federation(SsoConfig config, FederationService members) {
        this.config = requireNonNull(config, "config");
        this.groupMap = config.groupMap();
        this.workspaceMap = config.workspaceMap();
        this.members = requireNonNull(members, "members");
    }

    /** {@code addressed}: the workspace whose address the sign-in began at; null when it was nobody's. */
    Entered enter(Caller gateway, Claims claims, @Nullable Long addressed) {
        Optional<Long> linked = members.linked(config.issuer(), claims.subject());
        Set<Long> opened = new LinkedHashSet<>(members.workspaces(workspaceMap.of(claims.groups())));
        linked.ifPresent(userId -> close(gateway, userId, opened));
        long workspaceId = addressed != null
                ? addressed
                : target(linked, opened)
                        .orElseThrow(() -> SignInProblem.NO_WORKSPACE.because(
                                "Subject " + claims.subject() + " names no workspace, and there are several"));
        if (!workspaceMap.isEmpty() && !opened.contains(workspaceId)) {
            throw SignInProblem.NOT_MEMBER.because(
                    "The provider's groups of subject " + claims.subject() + " do not open workspace " + workspaceId);
        }
        FederationService.Joined joined = join(gateway, claims, workspaceId, opened.contains(workspaceId));
        opened.stream().filter(other -> other != workspaceId).forEach(other -> alsoJoin(gateway, claims, other));
        return new Entered(workspaceId, joined.userId(), joined.userName());
    }

    /** What the provider says now of somebody who is in; refuses when they must leave. */
    void follow(Caller identity, Claims claims, long workspaceId) {
        enter(identity, claims, workspaceId);
    }

    Optional<Long> onlyWorkspace() {
        return members.onlyWorkspace();
    }

    private Optional<Long> target(Optional<Long> linked, Set<Long> opened) {
        List<Long> theirs = linked.map(members::workspacesOf).orElse(List.of());
        if (!workspaceMap.isEmpty()) {
            return theirs.stream()
                    .filter(opened::contains)
                    .findFirst()
                    .or(() -> opened.stream().findFirst())
                    .or(members::onlyWorkspace);
        }
        return theirs.stream().findFirst().or(members::onlyWorkspace);
    }

    private FederationService.Joined join(Caller gateway, Claims claims, long workspaceId, boolean assigned) {
        Set<String> managed = new HashSet<>(groupMap.all());
        Set<String> held = new HashSet<>(groupMap.of(claims.groups()));
        if (!config.adminRole().isEmpty()) {
            managed.add(ADMINS);
            if (claims.roles().contains(config.adminRole())) {
                held.add(ADMINS);
            }
        }
        return members.join(
                gateway,
                workspaceId,
                new FederationService.Person(
                        config.issuer(),
                        claims.subject(),
                        claims.verifiedEmail(),
                        claims.preferredName(),
                        claims.displayName(),
                        claims.givenName(),
                        claims.familyName()),
                new FederationService.Standing(managed, held, assigned));
    }

    /** A further workspace that cannot be joined, for a name that is taken there, keeps nobody out of this one. */
    private void alsoJoin(Caller gateway, Claims claims, long workspaceId) {
        try {
            join(gateway, claims, workspaceId, true);
        } catch (ApiException e) {
            LOG.atWarn()
                    .addKeyValue("workspaceId", workspaceId)
                    .setCause(e)
                    .log("A workspace that the provider's groups open could not be joined");
        }
    }

    private void close(Caller gateway, long userId, Set<Long> opened) {
        for (long workspaceId : members.workspaces(workspaceMap.all())) {
            if (opened.contains(workspaceId)) {
                continue;
            }
            try {
                members.leave(gateway, workspaceId, userId);
            } catch (ApiException e) {
                LOG.atWarn()
                        .addKeyValue("workspaceId", workspaceId)
                        .addKeyValue("userId", userId)
                        .setCause(e)
                        .log("The provider's groups do not open a workspace any more whose member must stay");
            }
        }
    }
}
