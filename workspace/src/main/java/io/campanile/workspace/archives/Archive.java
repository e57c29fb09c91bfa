package io.campanile.workspace.archives;

import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/** A zip file from outside: its entries by their place in the tree, and their bytes within the limits. */
public final class Archive implements AutoCloseable {
    private static final int FILE_TYPE = 0170000;
    private static final int REGULAR = 0100000;
    private static final int FOLDER = 0040000;

    private final ZipFile zip;
    private final long compressed;
    private final List<Entry> entries;
    private long taken;

    /** An entry: names from the top down, the last its own. */
    public record Entry(List<String> segments, boolean folder, ZipArchiveEntry raw) {
        public Entry {
            segments = List.copyOf(segments);
        }

        /** As the archive calls it. */
        public String shown() {
            return String.join("/", segments);
        }

        public String name() {
            return segments.get(segments.size() - 1);
        }
    }

    private Archive(ZipFile zip, long compressed, List<Entry> entries) {
        this.zip = zip;
        this.compressed = compressed;
        this.entries = List.copyOf(entries);
    }

    /** Opens a zip file and checks what can be told of it without unpacking. */
    public static Archive open(Path file) throws IOException {
        ZipTail.check(file);
        ZipFile zip;
        try {
            zip = ZipFile.builder().setPath(file).setIgnoreLocalFileHeader(true).get();
        } catch (IOException | IllegalArgumentException e) {
            throw new ApiException(ErrorCode.INVALID_PARAMETER_VALUE, "content is not a zip file that can be read", e);
        }
        try {
            return new Archive(zip, Files.size(file), entriesOf(zip));
        } catch (RuntimeException | IOException e) {
            zip.close();
            throw e;
        }
    }

    public List<Entry> entries() {
        return entries;
    }

    /** Begins anew to count what is taken out. */
    public void rewind() {
        taken = 0;
    }

    /** All bytes of an entry, in memory. */
    public byte[] bytes(Entry entry, long limit) throws IOException {
        var bytes = new ByteArrayOutputStream();
        copy(entry, limit, bytes::write);
        return bytes.toByteArray();
    }

    /** All bytes of an entry as a file. */
    public void extract(Entry entry, long limit, Path to) throws IOException {
        try (var out = Files.newOutputStream(to)) {
            copy(entry, limit, out::write);
        }
    }

    /** Takes an entry out and forgets it: whether it is within the limits. */
    public void verify(Entry entry, long limit) throws IOException {
        copy(entry, limit, (bytes, from, length) -> {});
    }

    /** The first bytes of an entry. */
    public byte[] head(Entry entry, int most) {
        try (InputStream in = zip.getInputStream(entry.raw())) {
            return in.readNBytes(most);
        } catch (IOException | RuntimeException e) {
            throw unreadable(entry, e);
        }
    }

    private interface Sink {
        void write(byte[] bytes, int from, int length) throws IOException;
    }

    private void copy(Entry entry, long limit, Sink sink) throws IOException {
        byte[] piece = new byte[64 * 1024];
        long size = 0;
        try (InputStream in = zip.getInputStream(entry.raw())) {
            for (int got = in.read(piece); got >= 0; got = in.read(piece)) {
                size += got;
                taken += got;
                check(entry, size, limit);
                sink.write(piece, 0, got);
            }
        } catch (ApiException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw unreadable(entry, e);
        }
    }

    private static ApiException unreadable(Entry entry, Exception cause) {
        return new ApiException(
                ErrorCode.INVALID_PARAMETER_VALUE, "Entry '" + entry.shown() + "' cannot be unpacked", cause);
    }

    /** Decided while it is unpacked, not by what the archive says of itself. */
    private void check(Entry entry, long size, long limit) {
        if (size > limit) {
            throw new ApiException(
                    ErrorCode.MAX_NOTEBOOK_SIZE_EXCEEDED,
                    "Entry '" + entry.shown() + "' has more than " + limit + " bytes, which is the limit");
        }
        if (taken > ArchiveLimits.BYTES) {
            throw ApiException.invalid("content has more than " + ArchiveLimits.BYTES + " bytes when unpacked");
        }
        long before = Math.min(Math.max(1, entry.raw().getCompressedSize()), compressed);
        if (size > ArchiveLimits.RATIO_FROM && size / before > ArchiveLimits.RATIO
                || taken > ArchiveLimits.RATIO_FROM && taken / compressed > ArchiveLimits.RATIO) {
            throw ApiException.invalid("Entry '" + entry.shown() + "' becomes more than " + ArchiveLimits.RATIO
                    + " times as large when unpacked");
        }
    }

    private static List<Entry> entriesOf(ZipFile zip) {
        List<Entry> entries = new ArrayList<>();
        List<ZipArchiveEntry> raw = Collections.list(zip.getEntries());
        if (raw.size() > ArchiveLimits.ENTRIES) {
            throw ApiException.invalid(
                    "content has " + raw.size() + " entries; an archive may have " + ArchiveLimits.ENTRIES);
        }
        for (ZipArchiveEntry entry : raw) {
            // What macOS puts beside every file is nobody's content.
            if (!entry.getName().startsWith("__MACOSX/")) {
                entries.add(entry(entry));
            }
        }
        return entries;
    }

    private static Entry entry(ZipArchiveEntry entry) {
        String name = entry.getName();
        List<String> segments = EntryNames.segments(name);
        int type = entry.getUnixMode() & FILE_TYPE;
        if (entry.isUnixSymlink() || type != 0 && type != REGULAR && type != FOLDER) {
            throw ApiException.invalid("Entry '" + EntryNames.shown(name) + "' is a link or something else that is"
                    + " neither a file nor a folder");
        }
        boolean plain = entry.getMethod() == ZipEntry.STORED || entry.getMethod() == ZipEntry.DEFLATED;
        if (entry.getGeneralPurposeBit().usesEncryption() || !plain) {
            throw ApiException.invalid(
                    "Entry '" + EntryNames.shown(name) + "' is encrypted, or packed in an unusual way");
        }
        return new Entry(segments, entry.isDirectory(), entry);
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
