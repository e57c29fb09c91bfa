package io.campanile.driver.executors;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What {@code executor.json} says; {@code url} and {@code appId} are those of the driver it works for. */
record ExecutorConfig(
        String url,
        String appId,
        String executorId,
        int cores,
        String clusterSecret,
        String user,
        String filesDir,
        String filesAccess) {

    ExecutorConfig {
        require(url, "url");
        require(appId, "app_id");
        require(executorId, "executor_id");
        require(clusterSecret, "cluster_secret");
        require(user, "user");
        require(filesDir, "files_dir");
        require(filesAccess, "files_access");
        if (cores <= 0) {
            throw new IllegalArgumentException("executor.json: cores must be positive");
        }
    }

    static ExecutorConfig read(Path file) throws IOException {
        return JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false)
                .build()
                .readValue(file.toFile(), ExecutorConfig.class);
    }

    private static void require(@Nullable String value, String key) {
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException("executor.json lacks " + key);
        }
    }

    @Override
    public String toString() {
        return "ExecutorConfig[executorId=" + executorId + ", url=" + url + ", clusterSecret=****]";
    }
}
