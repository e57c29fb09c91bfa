/** The Java kernel process of a notebook: a Jupyter kernel that evaluates Java and SQL cells against Spark Connect. */
@NullMarked
package io.campanile.kernel;

import org.jspecify.annotations.NullMarked;
