package io.campanile.workspace.git;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** An opened credential on its way to its server. */
record GitCredential(
        String userName, String token, @Nullable String email) {
    GitCredential {
        requireNonNull(userName, "userName");
        requireNonNull(token, "token");
    }

    @Override
    public String toString() {
        return "GitCredential[userName=" + userName + ", token=****]";
    }
}
