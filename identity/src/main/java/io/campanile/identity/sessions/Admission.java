package io.campanile.identity.sessions;

import io.campanile.common.auth.Caller;
import io.campanile.common.auth.Rights;

/** What else must hold once the password is right. */
public interface Admission {
    /** With which rights the person comes in; throws when they may not with a password, or not from there. */
    Rights require(Caller person, String address, boolean accountAdmin);
}
