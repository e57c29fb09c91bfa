package io.campanile.cli.profiles;

import io.campanile.cli.exit.CliFailure;
import io.campanile.cli.exit.ExitCode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** The INI file of profiles. It holds tokens: only its owner may read it, and it changes whole or not at all. */
public final class ProfileFile {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private final Path file;

    public ProfileFile(Path file) {
        this.file = file.toAbsolutePath().normalize();
    }

    public Path path() {
        return file;
    }

    public List<Profile> all() {
        return Ini.parse(read()).profiles();
    }

    public Optional<Profile> find(String name) {
        return all().stream().filter(profile -> profile.name().equals(name)).findFirst();
    }

    /** Writes the profile in the place of the one that has its name. */
    public void put(Profile profile) {
        change(ini -> ini.with(profile));
    }

    public void remove(String name) {
        change(ini -> ini.without(name));
    }

    /** Changes one profile while no other command does: reads it anew, writes what {@code change} makes of it. */
    public Profile update(String name, UnaryOperator<Profile> change) {
        return locked(() -> {
            Ini ini = Ini.parse(read());
            Profile before = ini.profiles().stream()
                    .filter(profile -> profile.name().equals(name))
                    .findFirst()
                    .orElse(new Profile(name, java.util.Map.of()));
            Profile after = change.apply(before);
            if (!after.equals(before)) {
                write(ini.with(after).text());
            }
            return after;
        });
    }

    private void change(Function<Ini, Ini> change) {
        locked(() -> {
            write(change.apply(Ini.parse(read())).text());
            return file;
        });
    }

    private String read() {
        try {
            if (!Files.exists(file)) {
                return "";
            }
            refuseWhenOthersRead();
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            throw CliFailure.io("The profiles cannot be read", e);
        }
    }

    private void refuseWhenOthersRead() throws IOException {
        if (!Files.getFileStore(file).supportsFileAttributeView("posix")) {
            return;
        }
        Set<PosixFilePermission> open = EnumSet.copyOf(Files.getPosixFilePermissions(file));
        open.removeAll(EnumSet.of(
                PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE));
        if (!open.isEmpty()) {
            throw new CliFailure(
                    ExitCode.REFUSED,
                    "Warning: " + file + " holds tokens and is open to other users of this machine ("
                            + PosixFilePermissions.toString(Files.getPosixFilePermissions(file))
                            + "); it is not used.\nClose it with: chmod 600 " + file
                            + " (and, if others could have read it, sign in anew).");
        }
    }

    private interface Step<T> {
        T run() throws IOException;
    }

    @SuppressWarnings("try") // the lock is held, not used
    private <T> T locked(Step<T> step) {
        Path lock = file.resolveSibling(file.getFileName() + ".lock");
        try {
            Files.createDirectories(directory());
            try (FileChannel channel = FileChannel.open(
                            lock,
                            EnumSet.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                            PosixFilePermissions.asFileAttribute(OWNER_ONLY));
                    FileLock held = channel.lock()) {
                return step.run();
            }
        } catch (IOException e) {
            throw CliFailure.io("The profiles cannot be written", e);
        }
    }

    private void write(String text) throws IOException {
        // A link is kept: people keep such files elsewhere and link them.
        Path target = Files.isSymbolicLink(file) ? file.toRealPath() : file;
        Path draft = Files.createTempFile(
                target.toAbsolutePath().getParent(),
                ".campanilecfg",
                ".tmp",
                PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        try {
            Files.writeString(draft, text, StandardCharsets.UTF_8, StandardOpenOption.SYNC);
            Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private Path directory() {
        Path parent = file.getParent();
        return parent == null ? file : parent;
    }
}
