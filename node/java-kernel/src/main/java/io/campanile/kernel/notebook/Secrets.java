package io.campanile.kernel.notebook;

import io.campanile.kernel.secrets.NodeSecrets;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Secrets of the workspace, read with the rights of the cluster's owner; what was read is redacted in outputs. */
public final class Secrets {
    private final NodeSecrets node;

    Secrets(NodeSecrets node) {
        this.node = node;
    }

    /** The name of a secret. */
    public record SecretMetadata(String key) {}

    /** A scope that may be read. */
    public record SecretScope(String name) {}

    /** The value as text. */
    public String get(String scope, String key) {
        return new String(getBytes(scope, key), StandardCharsets.UTF_8);
    }

    public byte[] getBytes(String scope, String key) {
        return node.get(scope, key);
    }

    /** The keys of a scope, without their values. */
    public List<SecretMetadata> list(String scope) {
        return node.keys(scope).stream().map(SecretMetadata::new).toList();
    }

    public List<SecretScope> listScopes() {
        return node.scopes().stream().map(SecretScope::new).toList();
    }

    @Override
    public String toString() {
        return "dbutils.secrets(): get, getBytes, list, listScopes";
    }
}
