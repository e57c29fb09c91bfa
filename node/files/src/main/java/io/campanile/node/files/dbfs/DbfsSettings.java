package io.campanile.node.files.dbfs;

import io.campanile.node.files.NodeFiles;
import java.nio.file.Path;
import java.util.Map;

/** What makes the workspace's files the place that bare paths mean. */
public final class DbfsSettings {
    /** Set by the driver for itself; not settings of Spark, which code in a cell could change. */
    private static final String FOLDER = "campanile.files.dir";

    private static final String ACCESS = "campanile.files.access";

    private DbfsSettings() {}

    /**
     * Tells this process where the files are, for every session and whatever its settings become.
     *
     * @param folder the folder of the files, or a link to it that comes with the node's owner
     * @param access what the agent writes where the files are not in that folder
     */
    public static void attach(String folder, String access) {
        System.setProperty(FOLDER, folder);
        System.setProperty(ACCESS, access);
    }

    /** Before it is known where they are. */
    static NodeFiles nowhere() {
        return new NodeFiles(Path.of("/nowhere"), Path.of("/nowhere"));
    }

    static NodeFiles files() {
        String folder = System.getProperty(FOLDER);
        String access = System.getProperty(ACCESS);
        if (folder == null || access == null) {
            throw new IllegalStateException("This process was not told where the workspace's files are");
        }
        return new NodeFiles(Path.of(folder), Path.of(access));
    }

    /** For Spark, on the driver and wherever its tasks run. */
    public static Map<String, String> ofSpark() {
        return Map.of(
                "spark.hadoop.fs.dbfs.impl",
                DbfsFileSystem.class.getName(),
                "spark.hadoop.fs.AbstractFileSystem.dbfs.impl",
                DbfsContext.class.getName(),
                "spark.hadoop.fs.defaultFS",
                DbfsFileSystem.TOP.toString());
    }
}
