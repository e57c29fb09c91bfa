package io.campanile.node.agent.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.node.agent.Loop;
import io.campanile.node.agent.driver.Driver;
import io.campanile.node.agent.kernel.KernelPool;
import io.campanile.node.protocol.ControlMessage.Assignment;
import io.campanile.node.protocol.WorkMessage;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What every notebook of a node shares: its cluster, its driver, its kernels, and the way out for what is not kept.
 *
 * @param filesAccess where the drivers and kernels find how to ask for files that are in no folder
 * @param jars of the libraries that are installed at the moment
 * @param hidden values of secrets in the cluster's own settings: no cell shows them and no log has them
 */
public record Desk(
        Assignment assignment,
        Driver driver,
        KernelPool kernels,
        Loop loop,
        Path resultsFolder,
        Path filesAccess,
        SecretAnswers secrets,
        Supplier<List<String>> jars,
        List<String> hidden,
        Consumer<WorkMessage> passing,
        Runnable changed) {

    /** The content of the attach request of section 8 of the contracts. */
    ObjectNode attachment(WorkMessage.Execute order, String sessionId) {
        ObjectNode spark = JsonNodeFactory.instance.objectNode();
        driver.connect(userId(), sessionId).forEach(spark::put);
        ObjectNode content = JsonNodeFactory.instance.objectNode();
        content.set("spark", spark);
        hidden.forEach(content.putArray("hidden")::add);
        jars.get().forEach(content.putArray("jars")::add);
        return content.put("user_name", assignment.ownerUserName())
                .put("workspace_id", assignment.workspaceId())
                .put("notebook_id", order.notebookId())
                .put("notebook_path", order.notebookPath())
                .put("files_root", assignment.filesRoot())
                .put("files_access", filesAccess.toString())
                .put("results_dir", resultsFolder.toString());
    }

    /** The person as Spark Connect knows him. */
    String userId() {
        return Long.toString(assignment.ownerUserId());
    }
}
