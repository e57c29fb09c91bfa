package io.campanile.launcher;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.auth.InternalTokens;
import io.campanile.common.http.InternalClient;
import io.campanile.common.http.ServiceDirectory;
import io.campanile.common.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Creates the first workspace and its administrator once, and keeps {@code admin.json} (0600) true. */
final class FirstStart {
    private static final String FIRST_USER = "admin@campanile.local";

    /** The shape of admin.json. */
    record Admin(String url, String user, String password, String token, long workspaceId) {
        static Admin of(DataDir data) throws IOException {
            return Json.MAPPER.readValue(Files.readAllBytes(data.adminFile()), Admin.class);
        }

        @Override
        public String toString() {
            return "Admin[url=" + url + ", user=" + user + "]";
        }
    }

    /** What identity answers; password and token only until they are confirmed. */
    record Bootstrapped(
            long workspaceId,
            String user,
            @Nullable String password,
            @Nullable String token) {
        @Override
        public String toString() {
            return "Bootstrapped[user=" + user + "]";
        }
    }

    private final DataDir data;
    private final InternalClient identity;

    FirstStart(DataDir data) {
        this.data = requireNonNull(data, "data");
        this.identity = new InternalClient(
                new ServiceDirectory(data.endpointsFile()),
                new InternalTokens(data.internalKey(), Clock.systemUTC()),
                "identity");
    }

    /** identity makes the credentials anew at every call until it is told that they were written down. */
    Admin run(String url) throws IOException {
        Admin known = Files.exists(data.adminFile()) ? Admin.of(data) : null;
        Caller launcher = Caller.service("launcher", 0, UUID.randomUUID().toString());
        if (known == null) {
            Bootstrapped made =
                    identity.post(launcher, "/internal/bootstrap", Map.of("user", FIRST_USER), Bootstrapped.class);
            if (made.password() == null || made.token() == null) {
                throw new LaunchException(
                        "The file " + data.adminFile() + " is gone, and its password with it; put it back"
                                + " from a copy, or start anew with another --data-dir.");
            }
            known = new Admin(url, made.user(), made.password(), made.token(), made.workspaceId());
            Files0600.writeJson(data.adminFile(), known);
        }
        identity.post(launcher, "/internal/bootstrap/confirm", Map.of(), Map.class);
        return moved(known, url);
    }

    /** The address changes when another port is chosen. */
    private Admin moved(Admin known, String url) throws IOException {
        if (known.url().equals(url)) {
            return known;
        }
        Admin moved = new Admin(url, known.user(), known.password(), known.token(), known.workspaceId());
        Files0600.writeJson(data.adminFile(), moved);
        return moved;
    }
}
