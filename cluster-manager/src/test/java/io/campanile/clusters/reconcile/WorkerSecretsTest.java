package io.campanile.clusters.reconcile;

import static io.campanile.clusters.reconcile.Rig.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.clusters.ClusterConfig;
import io.campanile.clusters.cluster.ClusterState;
import io.campanile.clusters.cluster.Clusters;
import io.campanile.clusters.node.Node;
import io.campanile.common.auth.Secret;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.node.protocol.ControlMessage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What workers are given: secrets when there is room for them, and a work token that is never too old. */
final class WorkerSecretsTest {
    private final List<String> asked = new ArrayList<>();
    private Rig rig;

    @BeforeEach
    void open(@TempDir Path dataDir) {
        rig = new Rig(dataDir, ClusterConfig.defaults().withWarmPool(0));
        rig.secrets = (cluster, reference) -> {
            asked.add(reference.key());
            return new Secret("value");
        };
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void secretsAreReadOnlyWhenThereIsRoomAndOnlyThoseThatWorkersGet() {
        // A driver of 1792 MiB and the 1024 MiB that stay free.
        rig.freeMb = 1792 + 1024 + 100;

        String id = create();
        rig.settle();
        rig.settle();
        assertThat(asked).as("the driver's").containsExactly("conf", "env");
        assertThat(rig.cluster(id).status().message()).contains("Not enough memory");
        rig.freeMb = 64_000;
        rig.settle();

        assertThat(asked).containsExactly("conf", "env", "env");
        assertThat(rig.workersOf(id)).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(names = {"PERMISSION_DENIED", "TEMPORARILY_UNAVAILABLE"})
    void aSecretThatCannotBeHadIsAskedForOnceAMinute(ErrorCode code) {
        String id = create();
        rig.tick();
        asked.clear();
        SecretSource there = rig.secrets;
        rig.secrets = (cluster, reference) -> {
            asked.add("refused");
            throw new ApiException(code, "not now");
        };

        for (int i = 0; i < 5; i++) {
            rig.settle();
        }

        assertThat(asked).as("in two minutes").hasSize(2);
        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RUNNING);
        assertThat(rig.cluster(id).status().message())
                .contains("Runs with 0 of 2 workers", "spark_env_vars.TOKEN names {{secrets/s/env}}", "not now");
        rig.secrets = there;
        for (int i = 0; i < 3; i++) {
            rig.settle();
        }
        assertThat(rig.workersOf(id)).hasSize(2);
    }

    @Test
    void theWorkTokensOfAllItsNodesAreRenewedAfterTwelveHours() {
        String id = create();
        rig.settle();
        assertThat(tokens())
                .hasSize(3)
                .allSatisfy((nodeId, count) -> assertThat(count).isEqualTo(1));

        for (int i = 0; i < 23; i++) {
            later(Duration.ofMinutes(30));
        }
        later(Duration.ofMinutes(25));
        assertThat(tokens()).hasSize(3).doesNotContainValue(2L);
        rig.spark.mayLeave = false;
        Clusters.resize(rig.sizes, ADMIN, id, 1, false);
        rig.tick();
        assertThat(rig.workersOf(id)).extracting(Node::leaving).containsExactlyInAnyOrder(false, true);
        later(Duration.ofMinutes(7));
        rig.settle();

        assertThat(tokens())
                .as("the driver, its worker and the one that leaves")
                .hasSize(3);
        assertThat(tokens()).allSatisfy((nodeId, count) -> assertThat(count).isEqualTo(2));
    }

    /** How many tokens each node was given. */
    private Map<String, Long> tokens() {
        return rig.assigned.stream()
                .map(ControlMessage.Assign::workToken)
                .map(token -> rig.tokens.claims(token, "node-files").orElseThrow())
                .collect(Collectors.groupingBy(claims -> String.valueOf(claims.get("nid")), Collectors.counting()));
    }

    private void later(Duration time) {
        rig.clock.advance(time);
        rig.allReady();
        rig.tick();
    }

    private String create() {
        ObjectNode spec = WorkersTest.spec(2);
        spec.putObject("spark_conf").put("spark.password", "{{secrets/s/conf}}");
        spec.putObject("spark_env_vars").put("TOKEN", "{{secrets/s/env}}");
        return Clusters.create(rig.clusters, ADMIN, spec, null);
    }
}
