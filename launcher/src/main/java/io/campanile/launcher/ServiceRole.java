package io.campanile.launcher;

import io.campanile.clusters.ClusterServer;
import io.campanile.common.service.RunningService;
import io.campanile.common.service.ServiceEnvironment;
import io.campanile.gateway.GatewayServer;
import io.campanile.identity.IdentityServer;
import io.campanile.notebooks.NotebookServer;
import io.campanile.workspace.WorkspaceServer;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** The services of the control plane, in the order they are started. */
enum ServiceRole {
    IDENTITY("identity", true),
    WORKSPACE("workspace", true),
    CLUSTER_MANAGER("cluster-manager", true),
    NOTEBOOK_SERVICE("notebook-service", true),
    GATEWAY("gateway", false);

    private final String title;
    private final boolean stores;

    ServiceRole(String title, boolean stores) {
        this.title = title;
        this.stores = stores;
    }

    /** The name in state.json, endpoints.json and token audiences. */
    String title() {
        return title;
    }

    /** The services that own a schema. */
    static List<String> withSchema() {
        return Arrays.stream(values())
                .filter(role -> role.stores)
                .map(ServiceRole::title)
                .toList();
    }

    /** The order in which they are stopped. */
    static List<ServiceRole> lastFirst() {
        List<ServiceRole> roles = new ArrayList<>(List.of(values()));
        Collections.reverse(roles);
        return roles;
    }

    static ServiceRole named(String title) {
        return Arrays.stream(values())
                .filter(role -> role.title.equals(title))
                .findFirst()
                .orElseThrow(() -> new LaunchException("There is no service named " + title + "; the services are "
                        + Arrays.stream(values()).map(ServiceRole::title).toList() + "."));
    }

    /** Starts the service in this process. */
    Future<? extends RunningService> start(ServiceEnvironment environment, ServiceSettings settings) {
        return switch (this) {
            case IDENTITY -> IdentityServer.start(environment, settings.identity());
            case WORKSPACE -> WorkspaceServer.start(environment, settings.workspace());
            case CLUSTER_MANAGER -> ClusterServer.start(environment, settings.clusters());
            case NOTEBOOK_SERVICE -> NotebookServer.start(environment, settings.notebooks());
            case GATEWAY -> GatewayServer.start(environment, settings.gateway());
        };
    }
}
