package io.campanile.identity.workspaces;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.auth.Account;
import io.campanile.common.auth.Caller;
import io.campanile.common.auth.Secret;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.json.Json;
import io.campanile.identity.credentials.Minted;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The rules of the account's workspaces. */
public final class WorkspaceService {
    private static final Pattern NAME = Pattern.compile("[^\\p{Cntrl}]{1,100}");
    private static final Pattern HOST = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?");
    /** Names that mean something else: user content has a host of its own. */
    private static final Set<String> RESERVED = Set.of("usercontent", "www", "localhost", "accounts", "account", "api");

    private static final Set<String> KEPT = Set.of("aws_region", "cloud", "location", "pricing_tier", "custom_tags");
    private static final int LONGEST_SETTINGS = 16 * 1024;

    private final WorkspaceStore workspaces;
    private final Duration tokenLife;
    private final Clock clock;

    /** A new workspace, with a token of its first administrator that is shown this once. */
    record Made(Workspace workspace, Secret token) {}

    public WorkspaceService(WorkspaceStore workspaces, Duration tokenLife, Clock clock) {
        this.workspaces = requireNonNull(workspaces, "workspaces");
        this.tokenLife = requireNonNull(tokenLife, "tokenLife");
        this.clock = requireNonNull(clock, "clock");
    }

    /** Another account's address leads to nothing. */
    static void requireAccount(@Nullable String accountId) {
        if (!Account.ID.equalsIgnoreCase(accountId)) {
            throw ApiException.notFound("This account does not exist");
        }
    }

    Made create(Caller caller, ObjectNode body) {
        String name = name(body.get("workspace_name"));
        Optional<String> asked = host(body.get("deployment_name"));
        ObjectNode settings = settings(body);
        Minted token = Minted.create("dapi");
        Instant now = clock.instant();
        return workspaces.inTransaction(tx -> {
            long id = asked.isPresent()
                    ? tx.insert(name, asked.get(), settings, now).orElseThrow(() -> taken(asked.get()))
                    : unnamed(tx, name, settings, now);
            tx.assignFirst(id, caller.userId(), now);
            tx.insertToken(id, caller.userId(), token, now, now.plus(tokenLife));
            Workspace made = found(tx, id);
            tx.record(caller, id, Map.of("name", name, "host_name", String.valueOf(made.hostName())));
            return new Made(made, new Secret(token.value()));
        });
    }

    List<Workspace> list() {
        return workspaces.list();
    }

    /** The one that cannot be deleted. */
    Optional<Long> first() {
        return workspaces.first();
    }

    Workspace get(long workspaceId) {
        return found(workspaces, workspaceId);
    }

    Optional<Long> byHost(String hostName) {
        return HOST.matcher(hostName).matches() ? workspaces.byHost(hostName) : Optional.empty();
    }

    /** Name and settings can change; the host name is in people's bookmarks and in tokens' audiences. */
    Workspace update(Caller caller, long workspaceId, ObjectNode body) {
        return workspaces.inTransaction(tx -> {
            Workspace before = found(tx, workspaceId);
            JsonNode deployment = body.path("deployment_name");
            if (deployment.isTextual() && !deployment.asText().equals(before.hostName())) {
                throw ApiException.invalid("deployment_name cannot be changed");
            }
            String name = body.hasNonNull("workspace_name") ? name(body.get("workspace_name")) : before.name();
            ObjectNode settings = before.settings().deepCopy();
            settings.setAll(settings(body));
            tx.update(workspaceId, name, settings);
            tx.record(caller, workspaceId, Map.of("name", name));
            return found(tx, workspaceId);
        });
    }

    /** Its credentials end at once, its clusters as soon as the cluster manager can be told; its data stays for now. */
    Workspace delete(Caller caller, long workspaceId) {
        return workspaces.inTransaction(tx -> {
            Workspace before = found(tx, workspaceId);
            if (tx.first(workspaceId)) {
                throw new ApiException(
                        ErrorCode.INVALID_STATE, "The workspace of this installation's first start cannot be deleted");
            }
            if (!tx.delete(workspaceId, clock.instant())) {
                throw missing(workspaceId);
            }
            tx.record(caller, workspaceId, Map.of("name", before.name()));
            return before;
        });
    }

    /** Without a wish for it the host name follows from the name, or from the id where that is taken. */
    private static long unnamed(WorkspaceStore tx, String name, ObjectNode settings, Instant now) {
        String slug =
                name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-+|-+$", "");
        Optional<Long> made = HOST.matcher(slug).matches() && !RESERVED.contains(slug)
                ? tx.insert(name, slug, settings, now)
                : Optional.empty();
        return made.or(() -> tx.insert(name, "w" + Minted.randomHex(6), settings, now))
                .orElseThrow(() -> taken(slug));
    }

    private static Workspace found(WorkspaceStore store, long workspaceId) {
        return store.find(workspaceId).orElseThrow(() -> missing(workspaceId));
    }

    private static String name(@Nullable JsonNode given) {
        if (given == null || !given.isTextual() || !NAME.matcher(given.asText()).matches()) {
            throw ApiException.invalid("workspace_name is required and has 1 to 100 printable characters");
        }
        return given.asText();
    }

    private static Optional<String> host(@Nullable JsonNode given) {
        if (given == null || given.isNull() || given.asText().isEmpty()) {
            return Optional.empty();
        }
        String host = given.asText().toLowerCase(Locale.ROOT);
        if (!HOST.matcher(host).matches() || RESERVED.contains(host)) {
            throw ApiException.invalid(
                    "deployment_name has 1 to 63 letters, digits and inner hyphens, and is no reserved name");
        }
        return Optional.of(host);
    }

    private static ObjectNode settings(ObjectNode body) {
        ObjectNode settings = Json.MAPPER.createObjectNode();
        for (String name : KEPT) {
            JsonNode value = body.get(name);
            if (value != null && !value.isNull()) {
                settings.set(name, value);
            }
        }
        if (settings.toString().length() > LONGEST_SETTINGS) {
            throw ApiException.invalid("custom_tags and the other settings have at most 16 KiB");
        }
        return settings;
    }

    private static ApiException taken(String host) {
        return new ApiException(ErrorCode.RESOURCE_ALREADY_EXISTS, "deployment_name " + host + " is taken");
    }

    private static ApiException missing(long workspaceId) {
        return ApiException.notFound("Workspace " + workspaceId + " does not exist");
    }
}
