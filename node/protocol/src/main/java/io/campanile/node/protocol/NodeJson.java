package io.campanile.node.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Encodes and decodes the frames: snake_case keys, absent for null, unknown keys ignored so that versions can differ. */
public final class NodeJson {
    public static final ObjectMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false)
            .serializationInclusion(JsonInclude.Include.NON_NULL)
            .build();

    private NodeJson() {}

    /** The text frame of a message. */
    public static String write(Object message) {
        try {
            return MAPPER.writeValueAsString(message);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("A frame cannot be encoded: " + e.getOriginalMessage(), e);
        }
    }

    /** Decodes a text frame; IllegalArgumentException when it is not one. */
    public static <T> T read(String frame, Class<T> type) {
        try {
            return MAPPER.readValue(frame, type);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("A frame cannot be decoded: " + e.getOriginalMessage(), e);
        }
    }
}
