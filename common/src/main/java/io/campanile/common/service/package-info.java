/** How a service process is put together: environment, directory, HTTP host. */
@NullMarked
package io.campanile.common.service;

import org.jspecify.annotations.NullMarked;
