/** What a workspace's administrators set: its configuration by name, and from which addresses it may be used. */
@NullMarked
package io.campanile.identity.settings;

import org.jspecify.annotations.NullMarked;
