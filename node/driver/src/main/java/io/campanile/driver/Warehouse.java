package io.campanile.driver;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.TableIdentifier;
import org.apache.spark.sql.catalyst.catalog.CatalogStorageFormat;
import org.apache.spark.sql.catalyst.catalog.CatalogTable;
import org.apache.spark.sql.catalyst.catalog.CatalogTable$;
import org.apache.spark.sql.catalyst.catalog.CatalogTableType;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;
import scala.collection.immutable.Map$;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Puts the managed tables of an earlier driver back into the catalog, which lives in memory. The folders are the truth:
 * {@code <warehouse>/<table>} belongs to {@code default}, {@code <warehouse>/<database>.db/<table>} to the others.
 */
final class Warehouse {
    private static final Logger LOG = LoggerFactory.getLogger(Warehouse.class);
    private static final String SUFFIX = ".db";

    private final SparkSession spark;
    private final Path folder;

    Warehouse(SparkSession spark, Path folder) {
        this.spark = spark;
        this.folder = folder;
    }

    /** Registers what is found; a folder that is no table is left alone and named in the log. */
    void restore() throws IOException {
        for (Path child : folders(folder)) {
            String name = name(child);
            if (!name.endsWith(SUFFIX)) {
                restoreTable("default", child);
                continue;
            }
            String database = name.substring(0, name.length() - SUFFIX.length());
            spark.sql("CREATE DATABASE IF NOT EXISTS " + quoted(database));
            for (Path table : folders(child)) {
                restoreTable(database, table);
            }
        }
    }

    private void restoreTable(String database, Path table) {
        if (!Files.isDirectory(table.resolve("_delta_log"))) {
            LOG.warn("Not a Delta table, left out of the catalog: {}", table);
            return;
        }
        spark.sessionState().catalog().createTable(managedDelta(database, table), true, false);
    }

    /** Schema, partitioning and properties of a Delta table stand in its log: the catalog holds none of them. */
    private static CatalogTable managedDelta(String database, Path table) {
        URI location = table.toUri();
        Seq<String> noNames = CollectionConverters.asScala(List.<String>of()).toSeq();
        CatalogTable$ defaults = CatalogTable$.MODULE$;
        var storage = new CatalogStorageFormat(
                Option.apply(location), Option.empty(), Option.empty(), Option.empty(), false, Map$.MODULE$.empty());
        return new CatalogTable(
                new TableIdentifier(name(table).toLowerCase(Locale.ROOT), Option.apply(database)),
                CatalogTableType.MANAGED(),
                storage,
                new StructType(),
                Option.apply("delta"),
                noNames,
                Option.empty(),
                defaults.$lessinit$greater$default$8(),
                System.currentTimeMillis(),
                defaults.$lessinit$greater$default$10(),
                defaults.$lessinit$greater$default$11(),
                Map$.MODULE$.empty(),
                Option.empty(),
                Option.empty(),
                Option.empty(),
                Option.empty(),
                noNames,
                true,
                defaults.$lessinit$greater$default$19(),
                Map$.MODULE$.empty(),
                Option.empty());
    }

    /** A name as SQL takes it, whatever it contains. */
    static String quoted(String name) {
        return "`" + name.replace("`", "``") + "`";
    }

    private static List<Path> folders(Path parent) throws IOException {
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(parent)) {
            return children.filter(Files::isDirectory)
                    .filter(child ->
                            !name(child).startsWith(".") && !name(child).startsWith("_"))
                    .sorted()
                    .toList();
        }
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }
}
