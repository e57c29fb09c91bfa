package io.campanile.libraries;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the agent wants fetched.
 *
 * @param libraries in this order
 * @param present artifacts that are on the class path already
 * @param folder for jars, and for what the resolver keeps
 * @param provided the folder of Spark's own jars
 * @param filesDir the workspace's files, and {@code filesAccess} how to ask for them where they are not there
 * @param mostBytes that all jars of one library may have
 * @param seconds that one library may take
 */
record Order(
        List<Wanted> libraries,
        List<Artifact> present,
        String folder,
        String provided,
        String filesDir,
        String filesAccess,
        long mostBytes,
        long seconds) {

    /** One library: {@code jar} or {@code coordinates} is set. */
    record Wanted(
            String id,
            @Nullable String jar,
            @Nullable String coordinates,
            List<String> exclusions,
            List<String> repositories) {}

    /** An artifact of a Maven repository: {@code key} is its name without the version. */
    record Artifact(String key, String version, String jar) {}

    static Order read(Path file) throws IOException {
        return JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false)
                .build()
                .readValue(file.toFile(), Order.class);
    }
}
