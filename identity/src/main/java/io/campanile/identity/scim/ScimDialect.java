package io.campanile.identity.scim;

import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.http.ErrorDialect;
import io.campanile.common.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The one mapping of failures to SCIM's error message. */
final class ScimDialect implements ErrorDialect {
    @Override
    public String contentType() {
        return "application/scim+json";
    }

    @Override
    public String body(ApiException failure) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("schemas", List.of("urn:ietf:params:scim:api:messages:2.0:Error"));
        body.put("status", Integer.toString(failure.code().httpStatus()));
        for (Map<String, Object> detail : failure.details()) {
            if (detail.containsKey(ScimFailures.TYPE)) {
                body.put("scimType", detail.get(ScimFailures.TYPE));
            }
        }
        if (failure.code() == ErrorCode.MALFORMED_REQUEST) {
            body.put("scimType", "invalidSyntax");
        }
        body.put("detail", String.valueOf(failure.getMessage()));
        return Json.write(body);
    }
}
