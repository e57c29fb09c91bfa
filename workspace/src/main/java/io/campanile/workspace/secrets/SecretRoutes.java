package io.campanile.workspace.secrets;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The wire shape of {@code /api/2.0/secrets}. */
public final class SecretRoutes {
    private static final String API = "/api/2.0/secrets";
    private final ScopeService scopes;
    private final SecretService secrets;

    public SecretRoutes(ScopeService scopes, SecretService secrets) {
        this.scopes = requireNonNull(scopes, "scopes");
        this.secrets = requireNonNull(secrets, "secrets");
    }

    public void mount(Endpoints api) {
        mountScopes(api);
        mountAcls(api);
        api.post(API + "/put", Requires.object("secrets.put", "secret-scope"), Put.class, (caller, body) -> {
            secrets.put(caller, SecretName.scope(body.scope()), SecretName.key(body.key()), body.value());
            return Map.of();
        });
        api.get(API + "/get", Requires.object("secrets.get", "secret-scope"), (caller, context) -> {
            SecretName key = SecretName.key(parameter(context, "key"));
            byte[] value = secrets.get(caller, scope(context), key);
            return new Value(key.text(), Base64.getEncoder().encodeToString(value));
        });
        api.get(
                API + "/list",
                Requires.object("secrets.list", "secret-scope"),
                (caller, context) -> new Listing(secrets.list(caller, scope(context)).stream()
                        .map(secret ->
                                new Entry(secret.key(), secret.updatedAt().toEpochMilli()))
                        .toList()));
        api.post(API + "/delete", Requires.object("secrets.delete", "secret-scope"), Delete.class, (caller, body) -> {
            secrets.delete(caller, SecretName.scope(body.scope()), SecretName.key(body.key()));
            return Map.of();
        });
    }

    private void mountScopes(Endpoints api) {
        api.post(
                API + "/scopes/create",
                Requires.user("secrets.scopes.create", "secret-scope"),
                CreateScope.class,
                (caller, body) -> {
                    body.requireOurBackend();
                    scopes.create(caller, SecretName.scope(body.scope()), body.initialManagePrincipal());
                    return Map.of();
                });
        api.post(
                API + "/scopes/delete",
                Requires.object("secrets.scopes.delete", "secret-scope"),
                OfScope.class,
                (caller, body) -> {
                    scopes.delete(caller, SecretName.scope(body.scope()));
                    return Map.of();
                });
        api.get(
                API + "/scopes/list",
                Requires.user("secrets.scopes.list", "secret-scope"),
                (caller, context) -> new Scopes(scopes.list(caller).stream()
                        .map(scope -> new ScopeView(scope.name(), CreateScope.OURS))
                        .toList()));
    }

    private void mountAcls(Endpoints api) {
        api.post(
                API + "/acls/put",
                Requires.object("secrets.acls.put", "secret-scope"),
                PutAcl.class,
                (caller, body) -> {
                    AclPermission permission = ApiException.require(body.permission(), "permission");
                    scopes.putAcl(caller, SecretName.scope(body.scope()), principal(body.principal()), permission);
                    return Map.of();
                });
        api.post(
                API + "/acls/delete",
                Requires.object("secrets.acls.delete", "secret-scope"),
                DeleteAcl.class,
                (caller, body) -> {
                    scopes.deleteAcl(caller, SecretName.scope(body.scope()), principal(body.principal()));
                    return Map.of();
                });
        api.get(API + "/acls/get", Requires.object("secrets.acls.get", "secret-scope"), this::acl);
        api.get(
                API + "/acls/list",
                Requires.object("secrets.acls.list", "secret-scope"),
                (caller, context) -> new Acls(scopes.acls(caller, scope(context))));
    }

    private ScopeService.Item acl(Caller caller, RoutingContext context) {
        return scopes.acl(caller, scope(context), principal(parameter(context, "principal")));
    }

    private static SecretName scope(RoutingContext context) {
        return SecretName.scope(parameter(context, "scope"));
    }

    private static @Nullable String parameter(RoutingContext context, String name) {
        return context.request().getParam(name);
    }

    private static String principal(@Nullable String name) {
        String given = ApiException.require(name, "principal");
        if (given.isBlank() || given.length() > 256) {
            throw ApiException.invalid("principal must have 1 to 256 characters");
        }
        return given;
    }

    record CreateScope(
            @Nullable String scope,
            @Nullable String initialManagePrincipal,
            @Nullable String scopeBackendType,
            @Nullable Map<String, Object> backendAzureKeyvault) {
        static final String OURS = "DATABRICKS";

        void requireOurBackend() {
            if (backendAzureKeyvault != null || (scopeBackendType != null && !scopeBackendType.equals(OURS))) {
                throw ApiException.invalid("scope_backend_type may only be " + OURS + ": there is no key vault here");
            }
        }
    }

    record OfScope(@Nullable String scope) {}

    record Put(
            @Nullable String scope,
            @Nullable String key,
            @Nullable String stringValue,
            @Nullable String bytesValue) {
        byte[] value() {
            if ((stringValue == null) == (bytesValue == null)) {
                throw ApiException.invalid("Give exactly one of string_value and bytes_value");
            }
            if (stringValue != null) {
                return stringValue.getBytes(StandardCharsets.UTF_8);
            }
            try {
                return Base64.getDecoder().decode(ApiException.require(bytesValue, "bytes_value"));
            } catch (IllegalArgumentException e) {
                // Without its cause, whose text quotes what stands in the value.
                throw ApiException.invalid("bytes_value is not base64");
            }
        }

        @Override
        public String toString() {
            return "Put[scope=" + scope + ", key=" + key + ", value=****]";
        }
    }

    record Delete(@Nullable String scope, @Nullable String key) {}

    record PutAcl(
            @Nullable String scope,
            @Nullable String principal,
            @Nullable AclPermission permission) {}

    record DeleteAcl(@Nullable String scope, @Nullable String principal) {}

    record Value(String key, String value) {
        @Override
        public String toString() {
            return "Value[key=" + key + ", value=****]";
        }
    }

    record Entry(String key, long lastUpdatedTimestamp) {}

    record Listing(List<Entry> secrets) {}

    record ScopeView(String name, String backendType) {}

    record Scopes(List<ScopeView> scopes) {}

    record Acls(List<ScopeService.Item> items) {}
}
