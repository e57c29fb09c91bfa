package io.campanile.launcher;

import io.campanile.clusters.ClusterConfig;
import io.campanile.common.config.Settings;
import io.campanile.common.config.SettingsException;
import io.campanile.gateway.GatewayConfig;
import io.campanile.identity.IdentityConfig;
import io.campanile.notebooks.NotebookConfig;
import io.campanile.workspace.WorkspaceConfig;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/** The settings of every service: {@code <data-dir>/campanile.properties} and the environment over the defaults. */
record ServiceSettings(
        IdentityConfig identity,
        WorkspaceConfig workspace,
        ClusterConfig clusters,
        NotebookConfig notebooks,
        GatewayConfig gateway) {
    static final String FILE = "campanile.properties";

    static ServiceSettings load(DataDir data) {
        return load(data, System.getenv());
    }

    static ServiceSettings load(DataDir data, Map<String, String> environment) {
        try {
            Settings settings = read(data, environment);
            ServiceSettings loaded = over(settings);
            settings.requireAllKnown();
            if (loaded.gateway().tls().isPresent()) {
                throw new SettingsException("gateway.tls cannot be used with ./campanile yet; put a TLS proxy in front"
                        + " of the gateway and name it in gateway.hosts and gateway.origins");
            }
            return loaded;
        } catch (SettingsException e) {
            throw new LaunchException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Everything that can be set, by its name in the file and in the environment. */
    static Set<String> names(DataDir data) {
        Settings settings = read(data, Map.of());
        over(settings);
        return settings.names();
    }

    private static Settings read(DataDir data, Map<String, String> environment) {
        return Settings.load(
                data.root().resolve(FILE),
                environment,
                Arrays.stream(ServiceRole.values()).map(ServiceRole::title).toList());
    }

    private static ServiceSettings over(Settings settings) {
        return new ServiceSettings(
                settings.over(ServiceRole.IDENTITY.title(), IdentityConfig.defaults()),
                settings.over(ServiceRole.WORKSPACE.title(), WorkspaceConfig.defaults()),
                settings.over(ServiceRole.CLUSTER_MANAGER.title(), ClusterConfig.defaults()),
                settings.over(ServiceRole.NOTEBOOK_SERVICE.title(), NotebookConfig.defaults()),
                settings.over(ServiceRole.GATEWAY.title(), GatewayConfig.defaults()));
    }
}
