package io.campanile.launcher;

import static java.util.Objects.requireNonNull;

import io.campanile.clusters.ClusterConfig;
import io.campanile.common.auth.Secret;
import io.campanile.gateway.GatewayConfig;
import io.campanile.identity.IdentityConfig;
import io.campanile.notebooks.NotebookConfig;
import io.campanile.workspace.WorkspaceConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Everything that can be set, with its default from the records and its meaning from their Javadoc. */
final class SettingsPage {
    /** What follows from the machine has no default that could be printed. */
    private static final Map<String, String> FROM_THE_MACHINE =
            Map.of("gateway.intake", "a 16th of the heap, at least 20 MiB");

    private static final Pattern PARAM = Pattern.compile("@param\\s+(\\w+)\\s+([^@]*)");

    private SettingsPage() {}

    static String list() {
        Map<String, Record> sections = new LinkedHashMap<>();
        sections.put(ServiceRole.IDENTITY.title(), IdentityConfig.defaults());
        sections.put(ServiceRole.WORKSPACE.title(), WorkspaceConfig.defaults());
        sections.put(ServiceRole.CLUSTER_MANAGER.title(), ClusterConfig.defaults());
        sections.put(ServiceRole.NOTEBOOK_SERVICE.title(), NotebookConfig.defaults());
        sections.put(ServiceRole.GATEWAY.title(), GatewayConfig.defaults());
        StringBuilder text = new StringBuilder();
        sections.forEach((section, defaults) -> {
            text.append("\n### ").append(section).append("\n\n");
            text.append("| setting | variable | default | meaning |\n|---|---|---|---|\n");
            rows(section, defaults.getClass(), defaults)
                    .forEach(row -> text.append(row).append('\n'));
        });
        return text.append('\n').toString();
    }

    private static List<String> rows(String section, Class<?> type, @Nullable Record defaults) {
        List<String> rows = new ArrayList<>();
        Map<String, String> meanings = meanings(type);
        for (RecordComponent component : type.getRecordComponents()) {
            String key = section + "."
                    + component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
            Object preset = defaults == null ? null : read(component, defaults);
            Class<?> inside = component.getType() == Optional.class
                    ? (Class<?>) ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0]
                    : component.getType();
            if (inside.isRecord() && inside != Secret.class) {
                rows.addAll(rows(key, inside, preset instanceof Record record ? record : null));
                continue;
            }
            String meaning = meanings.get(component.getName());
            if (meaning == null) {
                throw new AssertionError(key + " has no @param in the Javadoc of " + type.getName());
            }
            rows.add("| `" + key + "` | `CAMPANILE_"
                    + key.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT) + "` | "
                    + FROM_THE_MACHINE.getOrDefault(key, shown(inside, preset)) + " | " + meaning + " |");
        }
        return rows;
    }

    private static String shown(Class<?> type, @Nullable Object preset) {
        if (preset == null || preset instanceof Secret || preset.equals("") || preset.equals(Set.of())) {
            return "";
        }
        if (preset instanceof Duration time) {
            return time(time);
        }
        if (preset instanceof Set<?> set) {
            return String.join(
                    ", ", new TreeSet<>(set.stream().map(String::valueOf).toList()));
        }
        return type == long.class ? size((Long) preset) : preset.toString();
    }

    /** As it would be written in the file. */
    private static String time(Duration time) {
        long millis = time.toMillis();
        Map<Long, String> units = new LinkedHashMap<>();
        units.put(86_400_000L, " d");
        units.put(3_600_000L, " h");
        units.put(60_000L, " m");
        units.put(1_000L, " s");
        return units.entrySet().stream()
                .filter(unit -> millis % unit.getKey() == 0)
                .findFirst()
                .map(unit -> millis / unit.getKey() + unit.getValue())
                .orElse(millis + " ms");
    }

    private static String size(long bytes) {
        return Map.of(" GiB", 1L << 30, " MiB", 1L << 20, " KiB", 1L << 10).entrySet().stream()
                .sorted((one, other) -> Long.compare(other.getValue(), one.getValue()))
                .filter(unit -> bytes % unit.getValue() == 0)
                .findFirst()
                .map(unit -> bytes / unit.getValue() + unit.getKey())
                .orElse(bytes + " B");
    }

    /** The {@code @param}s above a record, by component. */
    private static Map<String, String> meanings(Class<?> type) {
        String source = source(type);
        int record = source.indexOf("record " + type.getSimpleName() + "(");
        int end = source.lastIndexOf("*/", record);
        int begin = source.lastIndexOf("/**", end);
        Map<String, String> meanings = new LinkedHashMap<>();
        if (record < 0 || begin < 0 || source.substring(end, record).contains(";")) {
            return meanings;
        }
        String javadoc = source.substring(begin + 3, end).replaceAll("\\n\\s*\\*", "\n");
        // Code has no other braces in these, and @code is no @param.
        Matcher matcher = PARAM.matcher(javadoc.replaceAll("\\{@code ([^}]*)}", "`$1`"));
        while (matcher.find()) {
            meanings.put(
                    matcher.group(1),
                    matcher.group(2).strip().replaceAll("\\s+", " ").replace("|", "\\|"));
        }
        return meanings;
    }

    private static String source(Class<?> type) {
        String file = requireNonNull(type.getNestHost().getName()).replace('.', '/') + ".java";
        for (String module : List.of("identity", "workspace", "cluster-manager", "notebook-service", "gateway")) {
            Path path = Path.of("..", module, "src/main/java", file);
            if (Files.exists(path)) {
                try {
                    return Files.readString(path);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        throw new AssertionError("No source of " + type);
    }

    private static Object read(RecordComponent component, Record record) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Not a record of settings: " + record.getClass(), e);
        }
    }
}
