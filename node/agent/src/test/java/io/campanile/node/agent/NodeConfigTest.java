package io.campanile.node.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NodeConfigTest {
    private static final String NODE =
            "\"node_id\":\"n1\",\"secret\":\"s\",\"data_dir\":\"/d\",\"node_dir\":\"/d/n1\",\"endpoints_file\":\"/d/e\","
                    + "\"park_kernels\":0,\"dead_man_seconds\":10";
    private static final String DRIVER = ",\"driver\":{\"runtime\":\"4.0.1\",\"heap_mb\":512}";
    private static final String WORKER =
            ",\"worker\":{\"runtime\":\"4.0.1\",\"heap_mb\":512,\"cores\":2,\"executor_id\":\"7\",\"cluster_secret\":\"c\","
                    + "\"environment\":{\"A\":\"{{secrets/s/k}}\"},\"secrets\":{\"{{secrets/s/k}}\":\"value\"}}";

    @TempDir
    Path folder;

    @Test
    void aNodeHasADriverOrIsAWorker() throws IOException {
        assertThat(read(DRIVER).process().clusterSecret()).isNull();
        NodeConfig worker = read(WORKER);
        assertThat(worker.process().clusterSecret()).isEqualTo("c");
        assertThat(worker.process().variables()).containsEntry("A", "value");
        assertThat(NodeProcesses.hidden(worker.process())).containsExactly("value", "c");
        assertThat(worker.toString() + worker.process()).doesNotContain("value");
        assertThatThrownBy(() -> read("")).hasMessageContaining("either driver or worker");
        assertThatThrownBy(() -> read(DRIVER + WORKER)).hasMessageContaining("either driver or worker");
    }

    @Test
    void aWorkerNeedsCoresAnIdAndTheSecret() {
        assertThatThrownBy(() -> read(WORKER.replace("\"cores\":2", "\"cores\":0")))
                .hasMessageContaining("worker.cores");
        assertThatThrownBy(() -> read(WORKER.replace("executor_id", "other"))).hasMessageContaining("executor_id");
        assertThatThrownBy(() -> read(WORKER.replace("cluster_secret", "other")))
                .hasMessageContaining("cluster_secret");
    }

    private NodeConfig read(String process) throws IOException {
        return NodeConfig.read(Files.writeString(folder.resolve("node.json"), "{" + NODE + process + "}"));
    }
}
