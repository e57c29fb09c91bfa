/** HTTP building blocks shared by every service: errors, endpoint binding, the calls between services. */
@NullMarked
package io.campanile.common.http;

import org.jspecify.annotations.NullMarked;
