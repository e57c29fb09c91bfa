package io.campanile.kernel.output;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.kernel.secrets.Redaction;
import io.campanile.kernel.wire.Json;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.apache.spark.connect.proto.ExecutePlanResponse;
import org.apache.spark.connect.proto.Plan;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.connect.SparkSession;
import org.apache.spark.sql.connect.client.CloseableIterator;
import org.jspecify.annotations.Nullable;

/** Runs a Dataset and keeps its rows as an Arrow file, streaming, for the grid to page through. */
public final class ResultWriter {
    public static final String MIME = "application/vnd.campanile.result.v1+json";
    private static final int PREVIEW_ROWS = 20;
    private final Limits limits;
    private final Redaction redaction;

    /** What is kept of a result; more than that is cut and said so. */
    public record Limits(int rows, long bytes) {
        public static final Limits STANDARD = new Limits(1_000_000, 256L << 20);
    }

    public ResultWriter(Limits limits, Redaction redaction) {
        this.redaction = redaction;
        this.limits = limits;
    }

    /** The MIME bundle of the result; null when it has no columns, as that of a command. */
    public @Nullable ObjectNode write(Dataset<?> rows, Path directory) throws IOException {
        SparkSession spark = (SparkSession) rows.sparkSession();
        // One row more than the limit tells a cut result from one that just fits.
        Plan plan = ((org.apache.spark.sql.connect.Dataset<?>) rows.limit(limits.rows() + 1)).plan();
        String id = UUID.randomUUID().toString();
        Files.createDirectories(directory);
        Path temporary = directory.resolve("." + id + ".tmp");
        try (FileChannel channel =
                        FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                ArrowRows arrow = new ArrowRows(channel, PREVIEW_ROWS, redaction)) {
            boolean truncated = copy(spark, plan, arrow);
            if (arrow.columns().isEmpty()) {
                return null;
            }
            arrow.finish();
            channel.force(true);
            long bytes = channel.size();
            Path file = directory.resolve(id + ".arrow");
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            forceDirectory(directory);
            return bundle(id, arrow, truncated, bytes, file);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private boolean copy(SparkSession spark, Plan plan, ArrowRows arrow) throws IOException {
        try (CloseableIterator<ExecutePlanResponse> answers = spark.executeInternal(plan)) {
            while (answers.hasNext()) {
                ExecutePlanResponse answer = answers.next();
                if (!answer.hasArrowBatch()) {
                    continue;
                }
                arrow.add(answer.getArrowBatch().getData(), limits.rows() - arrow.rows());
                boolean tooMany = arrow.cut() || arrow.bytes() >= limits.bytes();
                if (tooMany) {
                    return arrow.cut() || answers.hasNext();
                }
            }
            return false;
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("The result could not be closed", e);
        }
    }

    private ObjectNode bundle(String id, ArrowRows arrow, boolean truncated, long bytes, Path file) {
        ObjectNode result = Json.object().put("result_id", id);
        var columns = result.putArray("columns");
        arrow.columns()
                .forEach(column -> columns.addObject()
                        .put("name", redaction.of(column.name()))
                        .put("type", type(column))
                        .put("nullable", column.nullable()));
        result.put("rows", arrow.rows())
                .put("truncated", truncated)
                .put("bytes", bytes)
                .put("path", file.toString());
        ObjectNode data = Json.object();
        data.set(MIME, result);
        String more = arrow.rows() > arrow.preview().size() || truncated
                ? "\n(first " + arrow.preview().size() + " of " + arrow.rows() + (truncated ? "+" : "") + " rows)"
                : "";
        return data.put("text/plain", arrow.preview().text() + more);
    }

    /** Fields of a structure have names, which a user gave; a simple type is Spark's word and stays. */
    private String type(ArrowRows.Column column) {
        return column.type().contains("<") ? redaction.of(column.type()) : column.type();
    }

    /** A rename is durable only when its directory is. */
    private static void forceDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
