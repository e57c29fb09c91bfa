/** Network addresses and who may come from where. */
@NullMarked
package io.campanile.common.net;

import org.jspecify.annotations.NullMarked;
