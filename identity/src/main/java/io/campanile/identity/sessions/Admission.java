package io.campanile.identity.sessions;

import io.campanile.common.auth.Caller;

/** What else must hold once the password is right. */
public interface Admission {
    /** Throws when the person may not sign in with a password, or not from there. */
    void require(Caller person, String address, boolean accountAdmin);
}
