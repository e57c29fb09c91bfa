package io.campanile.workspace;

import io.campanile.common.crypto.Envelope;
import io.campanile.common.crypto.KeyRoutes;
import io.campanile.common.crypto.MasterKeys;
import io.campanile.common.db.Database;
import io.campanile.common.http.Endpoints;
import io.campanile.common.service.ServiceEnvironment;
import io.campanile.common.service.ServiceHttp;
import io.campanile.workspace.git.CredentialSeals;
import io.campanile.workspace.git.CredentialService;
import io.campanile.workspace.git.CredentialStore;
import io.campanile.workspace.secrets.DataKeyRotation;
import io.campanile.workspace.secrets.HttpKeyPeer;
import io.campanile.workspace.secrets.InternalSecretRoutes;
import io.campanile.workspace.secrets.InterruptedRotations;
import io.campanile.workspace.secrets.KeyPeer;
import io.campanile.workspace.secrets.KeyRotationRoutes;
import io.campanile.workspace.secrets.MasterKeyRotation;
import io.campanile.workspace.secrets.ScopeService;
import io.campanile.workspace.secrets.SecretRoutes;
import io.campanile.workspace.secrets.SecretService;
import io.campanile.workspace.secrets.SecretStore;
import java.util.List;

/** Secrets and the keys they are sealed with, put together. */
final class SecretParts {
    /** As many as the public API promises. */
    private static final int MOST_SCOPES = 1000;

    private static final int MOST_SECRETS = 1000;

    private SecretParts() {}

    /** Answers the credentials of git, which are sealed as secrets are. */
    static CredentialService mount(
            ServiceEnvironment environment, ServiceHttp http, Database database, Neighbours neighbours) {
        MasterKeys masters = new MasterKeys(environment.dataDir(), environment.clock());
        Envelope envelope = new Envelope(database, masters);
        CredentialStore credentials = new CredentialStore(database);
        SecretStore store = new SecretStore(database);
        ScopeService scopes = new ScopeService(store, neighbours.directory(), environment.clock(), MOST_SCOPES);
        SecretService secrets = new SecretService(store, envelope, environment.clock(), MOST_SECRETS);
        DataKeyRotation rotation =
                new DataKeyRotation(store, envelope, List.of(new CredentialSeals(credentials, envelope)));
        // Whoever has data keys of its own.
        List<KeyPeer> peers = List.of(
                new HttpKeyPeer(environment.client("identity")),
                new HttpKeyPeer(environment.client("cluster-manager")));

        Endpoints api = http.endpoints();
        new SecretRoutes(scopes, secrets).mount(api);
        new InternalSecretRoutes(scopes, secrets, neighbours.people()).mount(api);
        new KeyRotationRoutes(new MasterKeyRotation(masters, envelope, peers), rotation).mount(api);
        new KeyRoutes(envelope).mount(api);
        new InterruptedRotations(envelope, rotation).finish(http.blocking());
        return new CredentialService(credentials, envelope);
    }
}
