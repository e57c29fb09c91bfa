package io.campanile.workspace.secrets;

import static java.util.Objects.requireNonNull;

import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import java.util.Map;

/** The wire shape of {@code /api/campanile/v1/keys}: an administrator rotates what seals the secrets. */
public final class KeyRotationRoutes {
    private static final String KEYS = "/api/campanile/v1/keys";
    private final MasterKeyRotation master;
    private final DataKeyRotation data;

    public KeyRotationRoutes(MasterKeyRotation master, DataKeyRotation data) {
        this.master = requireNonNull(master, "master");
        this.data = requireNonNull(data, "data");
    }

    public void mount(Endpoints api) {
        // The master key is of the whole installation: of all workspaces.
        api.post(
                KEYS + "/master/rotate",
                Requires.account("keys.master.rotate", "master-key"),
                Map.class,
                (caller, body) -> master.rotate(caller));
        api.post(
                KEYS + "/data/rotate",
                Requires.admin("keys.data.rotate", "data-key"),
                Map.class,
                (caller, body) -> new Version(data.rotate(caller)));
    }

    record Version(int version) {}
}
