package io.campanile.identity;

import static java.util.Objects.requireNonNull;

import io.campanile.identity.sso.SsoConfig;
import java.time.Duration;

/**
 * Settings of the identity service.
 *
 * @param sessionIdle how long a session that is not used lives
 * @param sessionLife how long a session lives, used or not
 * @param keepDeletedWorkspaces how long after its deletion a workspace's data is kept
 * @param tokenLife how long a personal access token lives when its owner does not say
 * @param longestTokenLife the longest life an owner may ask for; also the life of the first administrator's token
 * @param tokensPerUser how many unexpired tokens a person may have
 * @param loginsPerMinute failed sign-ins allowed per account and address
 * @param passwordLength characters a password that a person chooses has at least
 * @param concurrentHashes password hashes computed at once; each takes 19 MiB
 * @param sso sign-in through an OpenID provider
 */
public record IdentityConfig(
        Duration sessionIdle,
        Duration sessionLife,
        Duration keepDeletedWorkspaces,
        Duration tokenLife,
        Duration longestTokenLife,
        int tokensPerUser,
        int loginsPerMinute,
        int passwordLength,
        int concurrentHashes,
        SsoConfig sso) {
    public IdentityConfig {
        requireNonNull(sso, "sso");
        requirePositive(sessionIdle, "identity.session-idle");
        requirePositive(sessionLife, "identity.session-life");
        if (keepDeletedWorkspaces.isNegative()) {
            throw new IllegalArgumentException("identity.keep-deleted-workspaces must not be negative");
        }
        requirePositive(tokenLife, "identity.token-life");
        requirePositive(longestTokenLife, "identity.longest-token-life");
        if (tokenLife.compareTo(longestTokenLife) > 0) {
            throw new IllegalArgumentException("identity.token-life must not exceed identity.longest-token-life");
        }
        if (passwordLength < 8) {
            throw new IllegalArgumentException("identity.password-length must be at least 8");
        }
        if (tokensPerUser < 1 || loginsPerMinute < 1 || concurrentHashes < 1) {
            throw new IllegalArgumentException("identity limits must be at least 1");
        }
    }

    public static IdentityConfig defaults() {
        return new IdentityConfig(
                Duration.ofHours(24),
                Duration.ofDays(14),
                Duration.ofDays(30),
                Duration.ofDays(90),
                Duration.ofDays(730),
                600,
                10,
                12,
                2,
                SsoConfig.OFF);
    }

    /** The same with an OpenID provider. */
    public IdentityConfig with(SsoConfig provider) {
        return new IdentityConfig(
                sessionIdle,
                sessionLife,
                keepDeletedWorkspaces,
                tokenLife,
                longestTokenLife,
                tokensPerUser,
                loginsPerMinute,
                passwordLength,
                concurrentHashes,
                provider);
    }

    private static void requirePositive(Duration value, String name) {
        if (requireNonNull(value, name).isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " must be positive");
        }
    }
}
