package io.campanile.workspace.archives;

/** What an archive may have. */
public final class ArchiveLimits {
    public static final int ENTRIES = 10_000;
    public static final long BYTES = 500L * 1024 * 1024;
    /** How many times more than it was an entry may become. */
    static final int RATIO = 100;
    /** Small entries shrink well without being a trick. */
    static final long RATIO_FROM = 1024L * 1024;
    /** Room for the names of all entries; the directory of an archive is in memory as a whole. */
    static final long DIRECTORY = 8L * 1024 * 1024;

    private ArchiveLimits() {}
}
