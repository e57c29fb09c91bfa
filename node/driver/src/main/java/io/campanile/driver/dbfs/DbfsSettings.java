package io.campanile.driver.dbfs;

import java.util.Map;

/** What makes the workspace's files the place that bare paths mean. */
public final class DbfsSettings {
    private DbfsSettings() {}

    /** Tells this process where the files are, for every session and whatever its settings become. */
    public static void attach(String folder) {
        System.setProperty(FilesRoot.PROPERTY, folder);
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
