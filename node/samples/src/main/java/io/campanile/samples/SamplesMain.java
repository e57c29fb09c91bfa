package io.campanile.samples;

import io.trino.tpch.TpchTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Writes {@code <target>/<table>/*.parquet} and, last, {@code <target>/tables.json}: TPC-H at scale 0.01 and the flights
 * and weather sets of vega-datasets. Arguments: the target folder and the data folder of vega-datasets.
 */
public final class SamplesMain {
    private static final double SCALE = 0.01;

    private SamplesMain() {}

    public static void main(String[] arguments) throws IOException {
        Path target = Path.of(arguments[0]);
        Path published = Path.of(arguments[1]);
        Files.createDirectories(target);
        try (SparkSession spark = SparkSession.builder()
                .master("local[*]")
                .appName("samples")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.sql.session.timeZone", "UTC")
                .getOrCreate()) {
            List<String> tables = new ArrayList<>();
            for (TpchTable<?> table : TpchTable.getTables()) {
                TpchRows<?> rows = new TpchRows<>(table);
                tables.add(write(
                        spark.createDataFrame(rows.rows(SCALE), rows.schema()),
                        target,
                        "tpch_" + table.getTableName()));
            }
            tables.add(write(flights(spark, published), target, "flights"));
            tables.add(write(weather(spark, published), target, "weather"));
            publish(target, tables);
        }
    }

    private static Dataset<Row> flights(SparkSession spark, Path published) {
        return spark.read()
                .option("multiLine", true)
                .schema("date string, delay int, distance int, origin string, destination string")
                .json(published.resolve("flights-20k.json").toString())
                .selectExpr(
                        "to_timestamp(date, 'yyyy/MM/dd HH:mm') as date", "delay", "distance", "origin", "destination");
    }

    private static Dataset<Row> weather(SparkSession spark, Path published) {
        return spark.read()
                .option("header", true)
                .schema("location string, date date, precipitation double, temp_max double, temp_min double,"
                        + " wind double, weather string")
                .csv(published.resolve("weather.csv").toString());
    }

    /** Writes one table as one file and answers its line of tables.json. */
    private static String write(Dataset<Row> data, Path target, String name) {
        data.coalesce(1).write().mode("overwrite").parquet(target.resolve(name).toString());
        long rows = data.sparkSession()
                .read()
                .parquet(target.resolve(name).toString())
                .count();
        if (rows == 0) {
            throw new IllegalStateException("The sample table " + name + " came out empty");
        }
        System.out.println("samples." + name + ": " + rows + " rows");
        return "{\"table\":\"" + name + "\",\"path\":\"" + name + "\",\"format\":\"parquet\",\"ddl\":\""
                + data.schema().toDDL().replace("\\", "\\\\").replace("\"", "\\\"") + "\"}";
    }

    /** The list appears whole or not at all; checksum files of the local file system are of no use to readers. */
    private static void publish(Path target, List<String> tables) throws IOException {
        try (Stream<Path> files = Files.walk(target)) {
            for (Path file : files.filter(f -> f.getFileName().toString().endsWith(".crc"))
                    .toList()) {
                Files.delete(file);
            }
        }
        Path draft = target.resolve("tables.json.tmp");
        Files.writeString(draft, "[" + String.join(",\n", tables) + "]\n");
        Files.move(draft, target.resolve("tables.json"), StandardCopyOption.ATOMIC_MOVE);
    }
}
