package io.campanile.launcher.postgres;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;

/** What {@code run/postgres.json} (0600) keeps: port, superuser and the passwords of every role. */
record PostgresAccount(
        int port, String user, @JsonProperty("passwords") Map<String, String> passwords) {
    PostgresAccount {
        requireNonNull(user, "user");
        passwords = Map.copyOf(passwords);
    }

    String password(String role) {
        String password = passwords.get(role);
        if (password == null) {
            throw new IllegalStateException("No password is kept for role " + role);
        }
        return password;
    }

    @Override
    public String toString() {
        return "PostgresAccount[port=" + port + ", user=" + user + "]";
    }
}
