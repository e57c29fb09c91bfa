package io.campanile.common.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.errors.ApiException;

/** Finds NUL in the texts of a request, and says where it is. */
final class NulCharacters {
    private NulCharacters() {}

    static void refuse(JsonNode body) {
        refuse(body, "");
    }

    private static void refuse(JsonNode value, String field) {
        if (value.isTextual() && value.textValue().indexOf('\0') >= 0) {
            throw ApiException.invalid(
                    field.isEmpty() ? "The request has a NUL character" : "Field " + field + " has a NUL character");
        }
        for (int i = 0; value.isArray() && i < value.size(); i++) {
            refuse(value.get(i), field + "[" + i + "]");
        }
        value.properties().forEach(entry -> {
            String name = entry.getKey();
            if (name.indexOf('\0') >= 0) {
                throw ApiException.invalid(
                        "Field " + (field.isEmpty() ? "" : field + ".") + "? has a NUL character in its name");
            }
            refuse(entry.getValue(), field.isEmpty() ? name : field + "." + name);
        });
    }
}
