package io.campanile.driver;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code driver.json} says. {@code token} is asked of every Connect client; {@code samplesDir} is null when the
 * installation has no sample data, {@code filesDir} and {@code filesAccess} when the driver belongs to no workspace,
 * {@code clusterSecret} when it has no workers and runs its tasks itself.
 */
record DriverConfig(
        String token,
        String user,
        @Nullable String samplesDir,
        String warehouseDir,
        String localDir,
        @Nullable String filesDir,
        @Nullable String filesAccess,
        @Nullable String clusterSecret,
        @Nullable Map<String, String> sparkConf) {

    DriverConfig {
        require(token, "token");
        require(user, "user");
        require(warehouseDir, "warehouse_dir");
        require(localDir, "local_dir");
        sparkConf = sparkConf == null ? Map.of() : Map.copyOf(sparkConf);
    }

    static DriverConfig read(Path file) throws IOException {
        return JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false)
                .build()
                .readValue(file.toFile(), DriverConfig.class);
    }

    private static void require(@Nullable String value, String key) {
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException("driver.json lacks " + key);
        }
    }

    @Override
    public String toString() {
        return "DriverConfig[user=" + user + ", warehouseDir=" + warehouseDir + ", token=****]";
    }
}
