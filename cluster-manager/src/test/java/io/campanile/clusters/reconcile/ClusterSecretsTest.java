package io.campanile.clusters.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.clusters.ClusterConfig;
import io.campanile.clusters.cluster.ClusterState;
import io.campanile.clusters.cluster.Clusters;
import io.campanile.clusters.provider.NodeRequest;
import io.campanile.common.auth.Secret;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Secrets in the settings of a cluster: looked up as its owner for each driver, kept nowhere but at the node. */
final class ClusterSecretsTest {
    private static final String REFERENCE = "{{secrets/scope/key}}";
    private static final String CANARY = "canary-4711";

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private Rig rig;

    @BeforeEach
    void start(@TempDir Path folder) {
        rig = new Rig(folder, ClusterConfig.defaults().withWarmPool(0));
        rig.secrets = (cluster, reference) -> {
            asked.add(cluster.owner().userName() + " " + reference.scope() + "/" + reference.key());
            return new Secret(CANARY);
        };
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void theNodeGetsTheValueAndTheDatabaseTheReference() {
        String id = create("spark.password", REFERENCE);

        rig.settle();

        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RUNNING);
        assertThat(asked).containsExactly("ann@example.com scope/key");
        NodeRequest request = rig.provider.requests().get(0);
        assertThat(request.shape().sparkConf()).containsEntry("spark.password", REFERENCE);
        assertThat(request.secrets()).containsExactly(Map.entry(REFERENCE, new Secret(CANARY)));
        assertThat(request.toString()).doesNotContain(CANARY);
        assertThat(rig.dump()).contains(REFERENCE).doesNotContain(CANARY);
    }

    @Test
    void aSecretThatIsNotThereOrNotForTheOwnerIsNamedInTheReason() {
        rig.secrets = (cluster, reference) -> {
            throw ApiException.notFound("Secret does not exist with scope: scope and key: key");
        };
        String missing = create("spark.custom.token", REFERENCE);
        rig.settle();
        rig.secrets = (cluster, reference) -> {
            throw new ApiException(ErrorCode.PERMISSION_DENIED, "needs the permission READ on scope scope");
        };
        String denied = create("spark.custom.token", REFERENCE);
        rig.settle();

        assertThat(rig.termination(missing).code()).isEqualTo("SECRET_RESOLUTION_ERROR");
        assertThat(rig.termination(missing).type()).isEqualTo("CLIENT_ERROR");
        assertThat(rig.termination(missing).parameters().get("databricks_error_message"))
                .contains("spark_conf.spark.custom.token names " + REFERENCE, "Secret does not exist");
        assertThat(rig.termination(denied).code()).isEqualTo("SECRET_PERMISSION_DENIED");
        assertThat(rig.provider.requests()).isEmpty();
    }

    @Test
    void aWorkspaceServiceThatIsAwayIsWaitedFor() {
        SecretSource there = rig.secrets;
        rig.secrets = (cluster, reference) -> {
            throw new ApiException(ErrorCode.TEMPORARILY_UNAVAILABLE, "The workspace service does not answer");
        };
        String id = create("spark.password", REFERENCE);
        rig.ticks(3);
        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.PENDING);
        assertThat(rig.cluster(id).status().message()).contains("The workspace service does not answer");

        rig.secrets = there;
        rig.settle();

        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RUNNING);
    }

    @Test
    void aReferenceIsCheckedForItsFormOnly() {
        for (String bad : List.of("{{secrets/scope}}", "{{secrets/a/b/c}}", "x{{secrets/a/b}}", "{{secrets/ü/b}}")) {
            assertThatThrownBy(() -> create("spark.password", bad))
                    .isInstanceOf(ApiException.class)
                    .hasMessageContaining("spark_conf.spark.password: a secret is written");
        }
        create("spark.password", "{{secrets/not-there/yet}}");
        create("spark.sql.session.timeZone", REFERENCE);

        assertThat(asked).isEmpty();
    }

    @Test
    void anEnvironmentVariableTakesASecretAsASettingDoes() {
        ObjectNode spec = Rig.spec("local.small");
        spec.putObject("spark_env_vars").put("TOKEN", REFERENCE).put("STAGE", "test");
        String id = Clusters.create(rig.clusters, Rig.ADMIN, spec, null);

        rig.settle();

        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RUNNING);
        assertThat(asked).containsExactly("ann@example.com scope/key");
        NodeRequest request = rig.provider.requests().get(0);
        assertThat(request.shape().environment()).isEqualTo(Map.of("TOKEN", REFERENCE, "STAGE", "test"));
        assertThat(request.secrets()).containsExactly(Map.entry(REFERENCE, new Secret(CANARY)));
        assertThat(rig.dump()).contains(REFERENCE).doesNotContain(CANARY);

        rig.secrets = (cluster, reference) -> {
            throw ApiException.notFound("Secret does not exist with scope: scope and key: key");
        };
        String missing = Clusters.create(rig.clusters, Rig.ADMIN, spec, null);
        rig.settle();

        assertThat(rig.termination(missing).parameters().get("databricks_error_message"))
                .contains("spark_env_vars.TOKEN names " + REFERENCE, "Secret does not exist");
    }

    private String create(String key, String value) {
        ObjectNode spec = Rig.spec("local.small");
        spec.putObject("spark_conf").put(key, value);
        return Clusters.create(rig.clusters, Rig.ADMIN, spec, null);
    }
}
