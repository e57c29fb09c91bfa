package io.campanile.common.http;

import io.campanile.common.errors.ApiException;

/** How failures read where the clients of some routes expect another shape than the envelope: SCIM, OAuth. */
public interface ErrorDialect {
    String contentType();

    String body(ApiException failure);
}
