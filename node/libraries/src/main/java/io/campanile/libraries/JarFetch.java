package io.campanile.libraries;

import io.campanile.node.files.OpenFile;
import io.campanile.node.files.WorkspaceFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** Copies a jar of the workspace's files, which may be in a bucket or change, to the node. */
record JarFetch(WorkspaceFiles files, Path jars, long mostBytes) {
    private static final int PIECE = 1 << 20;

    /** The name has the id in front: jars of one name are told apart, by Spark too. */
    Fetched fetch(String id, String path) throws IOException, TooLargeException {
        String name = path.substring(path.lastIndexOf('/') + 1);
        Path copy = jars.resolve(id + "-" + name);
        try (OpenFile file = files.open(path);
                OutputStream out = Files.newOutputStream(copy)) {
            if (file.size() > mostBytes) {
                throw new TooLargeException(mostBytes);
            }
            byte[] piece = new byte[PIECE];
            long at = 0;
            for (int read = file.read(at, piece, 0, PIECE); read >= 0; read = file.read(at, piece, 0, PIECE)) {
                out.write(piece, 0, read);
                at += read;
                if (at > mostBytes) {
                    throw new TooLargeException(mostBytes);
                }
            }
        }
        try (ZipFile jar = new ZipFile(copy.toFile())) {
            return new Fetched(List.of(jar.getName()), List.of(), List.of());
        } catch (ZipException e) {
            throw new IOException(path + " is no jar: " + e.getMessage(), e);
        }
    }
}
