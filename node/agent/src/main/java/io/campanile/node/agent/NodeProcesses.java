package io.campanile.node.agent;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the processes of a node have in common. */
final class NodeProcesses {
    /** Whom Hadoop takes the processes of Spark for, on every node of a cluster. */
    static final String USER = "campanile";

    private NodeProcesses() {}

    /** What every process of a node finds in its environment: the owner's variables, and over them its own. */
    static Map<String, String> environment(NodeConfig config, Distribution distribution) {
        Map<String, String> environment = new LinkedHashMap<>(config.process().variables());
        environment.put("CAMPANILE_DATA_DIR", config.dataDir());
        environment.put("TMPDIR", distribution.temp().toString());
        environment.put("JPY_PARENT_PID", Long.toString(ProcessHandle.current().pid()));
        return environment;
    }

    /** What must not stand in the log of a process of Spark. */
    static List<String> hidden(NodeConfig.SparkProcess process) {
        List<String> hidden = new ArrayList<>(process.hidden());
        if (process.clusterSecret() != null) {
            hidden.add(process.clusterSecret());
        }
        return hidden;
    }
}
