package io.campanile.clusters.provider;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;

/**
 * What every node in a sandbox sees of the installation, in a folder of its own: where the services are, where files are
 * kept, and who there is. Copies, because a file that is shown by itself stays the old one when it is replaced.
 */
final class SharedView {
    /** Where files are kept, as nodes look for it beside the files. */
    static final String STORAGE = "storage";

    static final String PASSWD = "passwd";
    static final String GROUP = "group";
    static final int USER_ID = 1000;
    static final String USER = "campanile";
    static final String HOME = "/home/" + USER;
    private static final String ENDPOINTS = "endpoints.json";

    private final Path dataDir;
    private final Path folder;

    SharedView(Path dataDir) {
        this.dataDir = requireNonNull(dataDir, "dataDir");
        this.folder = dataDir.resolve("run").resolve("nodes");
    }

    Path folder() {
        return folder;
    }

    /** Brings it up to date: services move, and files too. */
    void refresh() {
        try {
            Files.createDirectories(folder);
            write(PASSWD, text(USER + ":x:" + USER_ID + ":" + USER_ID + "::" + HOME + ":/bin/sh\n"));
            write(GROUP, text(USER + ":x:" + USER_ID + ":\n"));
            copy(dataDir.resolve("run").resolve(ENDPOINTS), ENDPOINTS);
            copy(dataDir.resolve("files").resolve(".storage"), STORAGE);
        } catch (IOException e) {
            throw new ProviderException("What all nodes see of the installation cannot be written", e);
        }
    }

    private void copy(Path original, String name) throws IOException {
        if (Files.exists(original)) {
            write(name, Files.readAllBytes(original));
        }
    }

    private void write(String name, byte[] content) throws IOException {
        Path file = folder.resolve(name);
        if (Files.exists(file) && Arrays.equals(Files.readAllBytes(file), content)) {
            return;
        }
        Path next = folder.resolve(name + ".next");
        Files.write(next, content);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static byte[] text(String content) {
        return content.getBytes(StandardCharsets.UTF_8);
    }
}
