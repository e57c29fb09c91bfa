package io.campanile.driver;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/** The database {@code samples}: external tables over the files of the distribution, described by {@code tables.json}. */
final class Samples {
    private static final String DATABASE = "samples";

    private Samples() {}

    /** One row of {@code tables.json}. The schema is given, so that no file is opened before the first query. */
    record Table(String table, String path, String format, String ddl) {}

    static void register(SparkSession spark, @Nullable String samplesDir) throws IOException {
        if (samplesDir == null) {
            return;
        }
        Path folder = Path.of(samplesDir).toAbsolutePath();
        Path list = folder.resolve("tables.json");
        if (!Files.exists(list)) {
            return;
        }
        spark.sql("CREATE DATABASE IF NOT EXISTS " + DATABASE + " COMMENT 'Sample data' LOCATION '"
                + literal(folder.toUri().toString()) + "'");
        List<Table> tables = List.of(JsonMapper.builder().build().readValue(list.toFile(), Table[].class));
        for (Table table : tables) {
            spark.sql("CREATE TABLE IF NOT EXISTS " + DATABASE + "." + Warehouse.quoted(table.table()) + " ("
                    + table.ddl()
                    + ") USING " + table.format() + " LOCATION '"
                    + literal(folder.resolve(table.path()).toUri().toString()) + "'");
        }
    }

    private static String literal(String text) {
        return text.replace("\\", "\\\\").replace("'", "\\'");
    }
}
