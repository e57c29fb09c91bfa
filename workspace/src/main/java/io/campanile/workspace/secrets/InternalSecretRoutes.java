package io.campanile.workspace.secrets;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.directory.PersonRights;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Secrets for the clusters of a person: asked for by services that speak for the person, decided by what the person may
 * at this moment.
 */
public final class InternalSecretRoutes {
    private static final String SECRETS = "/internal/secrets";
    private final ScopeService scopes;
    private final SecretService secrets;
    private final PersonRights people;

    public InternalSecretRoutes(ScopeService scopes, SecretService secrets, PersonRights people) {
        this.scopes = requireNonNull(scopes, "scopes");
        this.secrets = requireNonNull(secrets, "secrets");
        this.people = requireNonNull(people, "people");
    }

    public void mount(Endpoints api) {
        api.post(SECRETS + "/get", Requires.service("secrets.get", "secret-scope"), Asked.class, (caller, body) -> {
            SecretName key = SecretName.key(body.key());
            byte[] value = secrets.get(person(caller), SecretName.scope(body.scope()), key);
            return new SecretRoutes.Value(key.text(), Base64.getEncoder().encodeToString(value));
        });
        api.post(
                SECRETS + "/list",
                Requires.service("secrets.list", "secret-scope"),
                Asked.class,
                (caller, body) -> new Names(secrets.list(person(caller), SecretName.scope(body.scope())).stream()
                        .map(SecretStore.Metadata::key)
                        .toList()));
        api.post(
                SECRETS + "/scopes",
                Requires.service("secrets.scopes.list", "secret-scope"),
                Asked.class,
                (caller, body) -> new Names(scopes.list(person(caller)).stream()
                        .map(SecretStore.Scope::name)
                        .toList()));
    }

    private Caller person(Caller caller) {
        return caller.with(people.of(caller));
    }

    record Asked(@Nullable String scope, @Nullable String key) {}

    record Names(List<String> names) {}
}
