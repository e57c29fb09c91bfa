package io.campanile.common.crypto;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.json.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The master keys of an installation, in {@code keys/master.key} of its data folder: readable by its owner only, the
 * newest key last. The file is read anew for every use, since another process may have rotated it.
 */
public final class MasterKeys {
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    /** File locks are held by the whole JVM, in which several services may live. */
    private static final Object IN_THIS_PROCESS = new Object();

    private final Path file;
    private final Clock clock;

    public MasterKeys(Path dataDir, Clock clock) {
        this.file = requireNonNull(dataDir, "dataDir").resolve("keys").resolve("master.key");
        this.clock = requireNonNull(clock, "clock");
    }

    /** One master key; {@code toString} does not show it. */
    record Key(String id, long createdAt, String key) {
        Key {
            requireNonNull(id, "id");
            requireNonNull(key, "key");
        }

        byte[] bytes() {
            return Base64.getDecoder().decode(key);
        }

        @Override
        public String toString() {
            return "Key[id=" + id + "]";
        }
    }

    record Content(List<Key> keys) {
        Content {
            keys = List.copyOf(keys);
        }
    }

    /** The key that wraps from now on; empty when there is no file. */
    Optional<Key> newest() {
        List<Key> keys = read();
        return keys.isEmpty() ? Optional.empty() : Optional.of(keys.get(keys.size() - 1));
    }

    /** The key of an id. A file that does not hold it was lost or exchanged: only its backup helps. */
    Key get(String id) {
        return read().stream()
                .filter(key -> key.id().equals(id))
                .findFirst()
                .orElseThrow(() -> unusable("The master key " + id + " is not in keys/master.key of the data folder:"
                        + " what it protects cannot be read until that file is restored from its backup"));
    }

    /** Makes the first key unless another process was quicker. */
    Key createFirst() {
        change(keys -> keys.isEmpty() ? List.of(newKey()) : keys);
        return newest().orElseThrow();
    }

    /** Adds a key, which wraps from now on; the older ones stay until {@link #keepFrom}. */
    public String add() {
        Key added = newKey();
        change(keys -> {
            List<Key> more = new ArrayList<>(keys);
            more.add(added);
            return more;
        });
        return added.id();
    }

    /** Takes away every key older than this one. For when nothing is wrapped by them any more. */
    public void keepFrom(String id) {
        change(keys -> {
            int from = keys.stream().map(Key::id).toList().indexOf(id);
            return from < 0 ? keys : keys.subList(from, keys.size());
        });
    }

    private Key newKey() {
        return new Key(
                "mk-" + HexFormat.of().formatHex(AesGcm.random(8)),
                clock.millis(),
                Base64.getEncoder().encodeToString(AesGcm.newKey()));
    }

    private List<Key> read() {
        try {
            Set<PosixFilePermission> allowed = Files.getPosixFilePermissions(file);
            if (!PosixFilePermissions.fromString("rw-------").containsAll(allowed)) {
                throw unusable("keys/master.key of the data folder can be read by others: look who had access to it,"
                        + " then set its mode to 0600");
            }
            List<Key> keys =
                    Json.MAPPER.readValue(Files.readString(file), Content.class).keys();
            if (keys.stream().anyMatch(key -> key.bytes().length != AesGcm.KEY_BYTES)) {
                throw unusable("keys/master.key of the data folder holds a key of a wrong length");
            }
            return keys;
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (JsonProcessingException | IllegalArgumentException e) {
            // The cause is left out: its text may quote the file.
            throw unusable("keys/master.key of the data folder is damaged: restore it from its backup");
        } catch (IOException e) {
            throw unusable("keys/master.key of the data folder cannot be read: "
                    + e.getClass().getSimpleName());
        }
    }

    private static ApiException unusable(String message) {
        return new ApiException(ErrorCode.TEMPORARILY_UNAVAILABLE, message);
    }

    /** Changes the file as a whole: after a crash at any step it is the old one or the new one. */
    private void change(UnaryOperator<List<Key>> edit) {
        synchronized (IN_THIS_PROCESS) {
            try {
                Files.createDirectories(file.getParent(), PRIVATE_FOLDER);
                try (FileChannel lock = FileChannel.open(
                                file.resolveSibling("master.lock"),
                                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                                PRIVATE_FILE);
                        var held = lock.lock()) {
                    List<Key> before = read();
                    List<Key> after = edit.apply(before);
                    if (held.isValid() && !after.equals(before)) {
                        replace(new Content(after));
                    }
                }
            } catch (IOException e) {
                throw new ApiException(
                        ErrorCode.TEMPORARILY_UNAVAILABLE, "keys/master.key of the data folder cannot be written", e);
            }
        }
    }

    private void replace(Content content) throws IOException {
        Path fresh = file.resolveSibling("master.key.new");
        Files.deleteIfExists(fresh);
        try (FileChannel out = FileChannel.open(
                fresh, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), PRIVATE_FILE)) {
            ByteBuffer bytes = ByteBuffer.wrap(Json.MAPPER.writeValueAsBytes(content));
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel folder = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }
}
