package io.campanile.cli.profiles;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** One section of the file: a server and how to be let in. Keys that are not known here are kept. */
public record Profile(String name, Map<String, String> values) {
    public static final String DEFAULT = "DEFAULT";
    public static final String HOST = "host";
    public static final String USER = "user";
    public static final String TOKEN = "token";
    public static final String TOKEN_ID = "token_id";
    public static final String REFRESH_TOKEN = "refresh_token";
    public static final String ACCESS_TOKEN = "access_token";
    public static final String EXPIRES_AT = "access_token_expires_at";

    public Profile {
        values = Map.copyOf(values);
    }

    public Optional<String> value(String key) {
        return Optional.ofNullable(values.get(key)).filter(value -> !value.isBlank());
    }

    public Profile with(String key, String value) {
        Map<String, String> changed = new LinkedHashMap<>(values);
        changed.put(key, value);
        return new Profile(name, changed);
    }

    @Override
    public String toString() {
        return "Profile[" + name + ", " + values.getOrDefault(HOST, "") + "]";
    }
}
