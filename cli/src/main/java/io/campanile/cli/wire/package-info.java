/** Requests to the public REST API: retries, failures, and what --debug shows. */
@NullMarked
package io.campanile.cli.wire;

import org.jspecify.annotations.NullMarked;
