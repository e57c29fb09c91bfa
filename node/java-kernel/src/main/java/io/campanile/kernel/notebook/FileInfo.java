package io.campanile.kernel.notebook;

/** An entry of a folder; times in milliseconds since the epoch. */
public record FileInfo(String path, String name, long size, long modificationTime) {

    public boolean isDir() {
        return name.endsWith("/");
    }

    public boolean isFile() {
        return !isDir();
    }
}
