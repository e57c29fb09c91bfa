/** Where a person is signed in: the file of profiles and the environment. */
@NullMarked
package io.campanile.cli.profiles;

import org.jspecify.annotations.NullMarked;
