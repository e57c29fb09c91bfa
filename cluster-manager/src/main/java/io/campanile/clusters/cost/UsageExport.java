package io.campanile.clusters.cost;

import io.campanile.common.errors.ApiException;
import io.campanile.common.json.Json;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How rows of usage are written into a file. */
enum UsageExport {
    CSV("text/csv; charset=utf-8", "usage.csv"),
    JSON("application/x-ndjson", "usage.jsonl");

    private static final List<String> COLUMNS = List.of(
            "hour",
            "cluster_id",
            "cluster_name",
            "owner_user_id",
            "owner_user_name",
            "node_id",
            "node_type_id",
            "role",
            "seconds",
            "price_per_hour",
            "amount",
            "currency",
            "tags");

    private final String contentType;
    private final String fileName;

    UsageExport(String contentType, String fileName) {
        this.contentType = contentType;
        this.fileName = fileName;
    }

    static UsageExport of(@Nullable String format) {
        if (format == null || format.equals("csv")) {
            return CSV;
        }
        if (format.equals("json")) {
            return JSON;
        }
        throw ApiException.invalid("format must be csv or json");
    }

    String contentType() {
        return contentType;
    }

    String fileName() {
        return fileName;
    }

    String head() {
        return this == CSV ? String.join(",", COLUMNS) + "\r\n" : "";
    }

    String lines(List<UsageRow> rows) {
        return rows.stream().map(this::line).collect(Collectors.joining());
    }

    private String line(UsageRow row) {
        Map<String, Object> fields = fields(row);
        return this == CSV
                ? COLUMNS.stream().map(column -> cell(fields.get(column))).collect(Collectors.joining(",")) + "\r\n"
                : Json.write(fields) + "\n";
    }

    private static Map<String, Object> fields(UsageRow row) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("hour", Instant.ofEpochMilli(row.hourAt()).toString());
        fields.put("cluster_id", row.of().clusterId());
        fields.put("cluster_name", row.of().clusterName());
        fields.put("owner_user_id", row.of().ownerUserId());
        fields.put("owner_user_name", row.of().ownerUserName());
        fields.put("node_id", row.nodeId());
        fields.put("node_type_id", row.nodeTypeId());
        fields.put("role", row.role().toLowerCase(java.util.Locale.ROOT));
        fields.put("seconds", BigDecimal.valueOf(row.millis(), 3));
        if (row.price() != null) {
            fields.put("price_per_hour", row.price());
            fields.put("amount", row.sum().amount());
            fields.put("currency", row.currency());
        }
        fields.put("tags", new TreeMap<>(row.of().tags()));
        return fields;
    }

    private static String cell(@Nullable Object value) {
        if (value == null) {
            return "";
        }
        if (value instanceof BigDecimal number) {
            return number.toPlainString();
        }
        if (value instanceof Number) {
            return value.toString();
        }
        String text = value instanceof Map<?, ?> map ? Json.write(map) : value.toString();
        // A table calculator takes what begins so for a formula, and names are anybody's to choose.
        String plain = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        return plain.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
                ? "\"" + plain.replace("\"", "\"\"") + "\""
                : plain;
    }
}
