package io.campanile.kernel.output;

import io.campanile.kernel.secrets.Redaction;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/** Sees tables in plain Java values: maps, and lists or arrays of maps, records or rows. */
final class RowsOfValues {
    private static final int MAX_ROWS = 1000;

    private RowsOfValues() {}

    /** Null when the value is no table. */
    static @Nullable TextTable table(@Nullable Object value, Redaction redaction) {
        if (value instanceof Map<?, ?> map && !map.isEmpty()) {
            TextTable table = new TextTable(List.of("key", "value"), redaction);
            map.entrySet().stream()
                    .limit(MAX_ROWS)
                    .forEach(entry ->
                            table.add(List.of(String.valueOf(entry.getKey()), String.valueOf(entry.getValue()))));
            return table;
        }
        List<Object> elements = elements(value);
        List<Map<String, String>> rows = new ArrayList<>();
        for (Object element : elements) {
            Map<String, String> row = row(element);
            if (row == null || row.isEmpty()) {
                return null;
            }
            rows.add(row);
        }
        return rows.isEmpty() ? null : table(rows, redaction);
    }

    private static TextTable table(List<Map<String, String>> rows, Redaction redaction) {
        Map<String, Boolean> columns = new LinkedHashMap<>();
        rows.forEach(row -> row.keySet().forEach(name -> columns.put(name, true)));
        List<String> names = List.copyOf(columns.keySet());
        TextTable table = new TextTable(names, redaction);
        rows.forEach(row ->
                table.add(names.stream().map(name -> row.getOrDefault(name, "")).toList()));
        return table;
    }

    private static List<Object> elements(@Nullable Object value) {
        if (value instanceof Collection<?> collection) {
            List<Object> elements = new ArrayList<>();
            collection.stream().limit(MAX_ROWS).forEach(elements::add);
            return elements;
        }
        return value instanceof Object[] array
                ? new ArrayList<>(Arrays.asList(array).subList(0, Math.min(array.length, MAX_ROWS)))
                : List.of();
    }

    private static @Nullable Map<String, String> row(@Nullable Object element) {
        Map<String, String> row = new LinkedHashMap<>();
        if (element instanceof Map<?, ?> map) {
            map.forEach((key, value) -> row.put(String.valueOf(key), String.valueOf(value)));
        } else if (element instanceof Row sparkRow && sparkRow.schema() != null) {
            String[] names = sparkRow.schema().fieldNames();
            for (int i = 0; i < names.length; i++) {
                row.put(names[i], String.valueOf(sparkRow.get(i)));
            }
        } else if (element instanceof Record && element.getClass().getRecordComponents() != null) {
            for (RecordComponent component : element.getClass().getRecordComponents()) {
                row.put(component.getName(), read(element, component.getAccessor()));
            }
        } else {
            return null;
        }
        return row;
    }

    private static String read(Object element, Method accessor) {
        try {
            accessor.setAccessible(true);
            return String.valueOf(accessor.invoke(element));
        } catch (IllegalAccessException e) {
            return "?";
        } catch (InvocationTargetException e) {
            return String.valueOf(e.getCause());
        }
    }
}
