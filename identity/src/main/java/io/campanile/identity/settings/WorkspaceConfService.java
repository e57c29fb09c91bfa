package io.campanile.identity.settings;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The configuration of a workspace, by names that are known and values that are checked. */
public final class WorkspaceConfService {
    private final SettingsStore settings;

    public WorkspaceConfService(SettingsStore settings) {
        this.settings = requireNonNull(settings, "settings");
    }

    Map<String, String> get(Caller caller, Collection<String> names) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String name : names) {
            ConfKey key = known(name);
            values.put(key.wire(), settings.conf(caller.workspaceId(), key));
        }
        return values;
    }

    /** All or nothing. {@code address}: where the caller is, which must stay a place they can come from. */
    void set(Caller caller, String address, Map<String, String> values) {
        Map<ConfKey, String> checked = new EnumMap<>(ConfKey.class);
        values.forEach((name, value) -> {
            ConfKey key = known(name);
            if (!key.accepts(value)) {
                throw ApiException.invalid(name + " must be " + key.form());
            }
            checked.put(key, value);
        });
        settings.changing(caller.workspaceId(), tx -> {
            checked.forEach((key, value) -> tx.setConf(caller.workspaceId(), key, value));
            AddressListService.requireInside(tx, caller, address);
            tx.audit(caller, "workspace-conf/" + caller.workspaceId(), values);
            return true;
        });
    }

    /** Whether personal access tokens can be made. */
    public boolean tokensEnabled(long workspaceId) {
        return Boolean.parseBoolean(settings.conf(workspaceId, ConfKey.ENABLE_TOKENS_CONFIG));
    }

    /** How long a new token may live by the word of this workspace; empty when it says nothing. */
    public Optional<Duration> longestTokenLife(long workspaceId) {
        int days = Integer.parseInt(settings.conf(workspaceId, ConfKey.MAX_TOKEN_LIFETIME_DAYS));
        return days == 0 ? Optional.empty() : Optional.of(Duration.ofDays(days));
    }

    private static ConfKey known(String name) {
        return ConfKey.of(name)
                .orElseThrow(() -> ApiException.invalid("Unknown key: "
                        + (name.length() > 64 ? name.substring(0, 64) + "..." : name) + "; there are "
                        + String.join(", ", ConfKey.names())));
    }
}
