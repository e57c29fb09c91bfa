package io.campanile.common.config;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Secret;
import java.io.IOException;
import java.io.Reader;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Settings from a file and the environment, laid over the defaults in the code. The component {@code warmPool} of the
 * section {@code cluster-manager} is {@code cluster-manager.warm-pool} in the file and
 * {@code CAMPANILE_CLUSTER_MANAGER_WARM_POOL} in the environment, which wins.
 */
public final class Settings {
    private static final String PREFIX = "CAMPANILE_";

    private final Map<String, Given> given;
    private final Set<String> known = new TreeSet<>();

    /** A value and where it was written, in words for a message. */
    private record Given(String value, String source) {}

    private Settings(Map<String, Given> given) {
        this.given = Map.copyOf(given);
    }

    /**
     * Reads the file, when there is one, and what the environment says of these sections.
     *
     * @throws SettingsException when the file cannot be read
     */
    public static Settings load(Path file, Map<String, String> environment, Collection<String> sections) {
        Map<String, Given> given = new HashMap<>();
        if (Files.exists(file)) {
            var properties = new Properties();
            try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
                properties.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                throw new SettingsException("The settings in " + file + " cannot be read: " + e.getMessage(), e);
            }
            properties
                    .stringPropertyNames()
                    .forEach(key ->
                            given.put(key, new Given(properties.getProperty(key).strip(), "in " + file)));
        }
        environment.forEach((name, value) -> {
            if (sections.stream().anyMatch(section -> name.startsWith(variable(section) + "_"))) {
                given.put(name, new Given(value.strip(), "in the environment"));
            }
        });
        return new Settings(given);
    }

    /**
     * The record {@code defaults} with what is set for {@code section}.
     *
     * @throws SettingsException naming the setting, when a value is of the wrong form or the record refuses it
     */
    public <R extends Record> R over(String section, R defaults) {
        return requireNonNull(
                        section(section, requireNonNull(defaults, "defaults").getClass(), defaults, false))
                .cast(defaults);
    }

    /** @throws SettingsException when something is set that no section knows; it names the nearest that one does */
    public void requireAllKnown() {
        for (Map.Entry<String, Given> entry : given.entrySet()) {
            String name = entry.getKey();
            if (known.contains(name)) {
                continue;
            }
            boolean variable = name.startsWith(PREFIX);
            String nearest = known.stream()
                    .filter(one -> one.startsWith(PREFIX) == variable)
                    .min((one, other) -> Integer.compare(Nearness.between(name, one), Nearness.between(name, other)))
                    // A name that differs in more than half of its letters is nobody's slip of the hand.
                    .filter(one -> 2 * Nearness.between(name, one) <= name.length())
                    .map(one -> "; did you mean " + one + "?")
                    .orElse("");
            throw new SettingsException(
                    "Unknown setting " + name + " " + entry.getValue().source() + nearest);
        }
    }

    /** The names that can be set, in both forms, of the sections read so far. */
    public Set<String> names() {
        return Set.copyOf(known);
    }

    private record Bound(Record value) {
        @SuppressWarnings("unchecked")
        private <R extends Record> R cast(R like) {
            return (R) like.getClass().cast(value);
        }
    }

    /** Null when {@code optional} and nothing of it is set. */
    private @Nullable Bound section(String section, Class<?> type, @Nullable Record defaults, boolean optional) {
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        List<String> used = new ArrayList<>();
        for (int i = 0; i < components.length; i++) {
            String key = section + "." + kebab(components[i].getName());
            Object preset = defaults == null ? null : read(components[i], defaults);
            values[i] = component(key, components[i], preset, used);
        }
        if (optional && used.isEmpty()) {
            return null;
        }
        for (int i = 0; i < values.length; i++) {
            if (values[i] == null) {
                throw new SettingsException(section + "." + kebab(components[i].getName())
                        + " must be set together with " + String.join(", ", used));
            }
        }
        return new Bound(construct(type, components, values, section));
    }

    private @Nullable Object component(
            String key, RecordComponent component, @Nullable Object preset, List<String> used) {
        Class<?> type = component.getType();
        if (type.isRecord() && type != Secret.class) {
            Bound nested = section(key, type, (Record) preset, false);
            return nested == null ? null : nested.value();
        }
        if (type == Optional.class) {
            Class<?> inside = (Class<?>) argument(component.getGenericType());
            Record set = preset == null ? null : (Record) ((Optional<?>) preset).orElse(null);
            return Optional.ofNullable(section(key, inside, set, true)).map(Bound::value);
        }
        known.add(key);
        known.add(variable(key));
        Given value = given.getOrDefault(variable(key), given.get(key));
        if (value == null) {
            return preset;
        }
        used.add(key);
        try {
            return SettingValue.parse(type, value.value());
        } catch (IllegalArgumentException e) {
            throw new SettingsException(
                    key + " " + value.source() + " must be " + e.getMessage() + ", not '" + value.value() + "'", e);
        }
    }

    private static Record construct(Class<?> type, RecordComponent[] components, Object[] values, String section) {
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            return (Record) type.getDeclaredConstructor(types).newInstance(values);
        } catch (InvocationTargetException e) {
            throw new SettingsException(
                    "The settings of " + section + " cannot be used: "
                            + e.getTargetException().getMessage(),
                    e.getTargetException());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Not a record of settings: " + type, e);
        }
    }

    private static @Nullable Object read(RecordComponent component, Record record) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Not a record of settings: " + record.getClass(), e);
        }
    }

    private static Type argument(Type type) {
        return ((ParameterizedType) type).getActualTypeArguments()[0];
    }

    private static String kebab(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static String variable(String key) {
        return PREFIX + key.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }
}
