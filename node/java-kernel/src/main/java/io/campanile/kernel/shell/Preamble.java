package io.campanile.kernel.shell;

import io.campanile.kernel.cells.CellFailedException;
import io.campanile.kernel.cells.CellSource;
import io.campanile.kernel.cells.JavaCells;
import io.campanile.kernel.spark.Attachment;
import io.campanile.kernel.spark.Cluster;
import org.jspecify.annotations.Nullable;

/** What a Java cell finds declared: imports at once, {@code spark} and {@code dbutils} when a cluster is attached. */
final class Preamble {
    /**
     * {@code Function} and {@code DoubleFunction} are in two of the packages; the JDK's are meant, as Spark's are for
     * RDDs, which Connect does not have.
     */
    private static final String IMPORTS = """
            import java.io.*;
            import java.math.*;
            import java.nio.file.*;
            import java.time.*;
            import java.util.*;
            import java.util.concurrent.*;
            import java.util.function.*;
            import java.util.function.DoubleFunction;
            import java.util.function.Function;
            import java.util.regex.*;
            import java.util.stream.*;
            import org.apache.spark.api.java.function.*;
            import org.apache.spark.sql.*;
            import org.apache.spark.sql.api.java.*;
            import org.apache.spark.sql.expressions.*;
            import org.apache.spark.sql.types.*;
            import static org.apache.spark.sql.functions.*;
            import static io.campanile.kernel.notebook.Notebook.display;
            import static io.campanile.kernel.notebook.Notebook.displayHTML;
            """;

    private static final String VARIABLES = """
            SparkSession spark = io.campanile.kernel.notebook.Notebook.spark();
            io.campanile.kernel.notebook.Dbutils dbutils = io.campanile.kernel.notebook.Notebook.dbutils();
            """;

    private final JavaCells java;
    private final Cluster cluster;
    private boolean imported;
    private @Nullable Attachment declaredFor;

    Preamble(JavaCells java, Cluster cluster) {
        this.java = java;
        this.cluster = cluster;
    }

    void imports() throws CellFailedException {
        if (!imported) {
            java.evaluate(new CellSource(0, IMPORTS));
            imported = true;
        }
    }

    void prepare() throws CellFailedException {
        imports();
        // A new attachment means new variables: the old session is that of another driver.
        if (cluster.isAttached() && cluster.attachment() != declaredFor) {
            declaredFor = cluster.attachment();
            java.evaluate(new CellSource(0, VARIABLES));
        }
    }
}
