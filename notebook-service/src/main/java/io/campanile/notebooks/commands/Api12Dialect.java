package io.campanile.notebooks.commands;

import io.campanile.common.errors.ApiException;
import io.campanile.common.http.ErrorDialect;
import io.campanile.common.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/** Failures as clients of API 1.2 read them: the words in {@code error}, beside the fields of the newer envelope. */
final class Api12Dialect implements ErrorDialect {
    @Override
    public String contentType() {
        return "application/json";
    }

    @Override
    public String body(ApiException failure) {
        String message = String.valueOf(failure.getMessage());
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("error", message);
        body.put("error_code", failure.code().name());
        body.put("message", message);
        body.put("details", failure.details());
        return Json.write(body);
    }
}
