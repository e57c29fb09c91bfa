package io.campanile.workspace.objects;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.concurrent.Turns;
import io.campanile.common.errors.ApiException;
import io.campanile.workspace.archives.ArchiveLimits;
import io.campanile.workspace.blobs.BlobErrors;
import io.campanile.workspace.contents.Contents;
import io.campanile.workspace.formats.DbcFormat;
import io.campanile.workspace.formats.HtmlFormat;
import io.campanile.workspace.formats.JupyterWriter;
import io.campanile.workspace.formats.Language;
import io.campanile.workspace.formats.Notebook;
import io.campanile.workspace.formats.SourceFormat;
import io.campanile.workspace.formats.Trimmings;
import io.campanile.workspace.notebooks.NotebookClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes what a caller may read of a folder as a zip file. Blocking. */
public final class ArchiveExport {
    private final Tree tree;
    private final FileEntries files;
    private final TrimmingStore trimmings;
    private final Contents contents;
    private final NotebookClient documents;
    private final Turns turns;

    public ArchiveExport(
            Tree tree,
            FileEntries files,
            TrimmingStore trimmings,
            Contents contents,
            NotebookClient documents,
            Turns turns) {
        this.tree = requireNonNull(tree, "tree");
        this.files = requireNonNull(files, "files");
        this.trimmings = requireNonNull(trimmings, "trimmings");
        this.contents = requireNonNull(contents, "contents");
        this.documents = requireNonNull(documents, "documents");
        this.turns = requireNonNull(turns, "turns");
    }

    /** A zip file of a folder, or of the one notebook; whoever asked for it deletes it. */
    Path export(Caller caller, Located top, TransferService.Format format) {
        return turns.take(caller, () -> write(caller, top, format));
    }

    private Path write(Caller caller, Located top, TransferService.Format format) {
        Path draft = contents.draft();
        return BlobErrors.guard(() -> {
            boolean done = false;
            try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(draft))) {
                Writing writing = new Writing(caller, format, zip);
                if (top.object().isDirectory()) {
                    writing.folder(top, "");
                } else {
                    writing.object(top, "", new HashSet<>());
                }
                done = true;
            } finally {
                if (!done) {
                    Files.deleteIfExists(draft);
                }
            }
            return draft;
        });
    }

    /** One archive on its way out. */
    private final class Writing {
        private final Caller caller;
        private final TransferService.Format format;
        private final ZipOutputStream zip;
        private int entries;
        private long bytes;

        Writing(Caller caller, TransferService.Format format, ZipOutputStream zip) {
            this.caller = caller;
            this.format = format;
            this.zip = zip;
        }

        void folder(Located folder, String prefix) throws IOException {
            List<Located> children = tree.children(caller, folder);
            if (children.isEmpty() && !prefix.isEmpty()) {
                begin(prefix, folder);
                zip.closeEntry();
            }
            Set<String> taken = new HashSet<>();
            for (Located child : children) {
                object(child, prefix, taken);
            }
        }

        void object(Located object, String prefix, Set<String> taken) throws IOException {
            String name = object.object().name();
            switch (object.object().type()) {
                case DIRECTORY, REPO -> folder(object, prefix + free(taken, name, "") + "/");
                case NOTEBOOK ->
                    documents.read(
                            caller, object.object().objectId(), format != TransferService.Format.SOURCE, document -> {
                                notebook(object, prefix, taken, document);
                                return true;
                            });
                case FILE -> {
                    String ending = format == TransferService.Format.DBC ? ArchivePlan.FILE_ENDING : "";
                    try (InputStream in = files.open(object).bytes()) {
                        begin(prefix + free(taken, name, ending), object);
                        byte[] piece = new byte[64 * 1024];
                        for (int got = in.read(piece); got >= 0; got = in.read(piece)) {
                            count(got);
                            zip.write(piece, 0, got);
                        }
                        zip.closeEntry();
                    }
                }
            }
        }

        private void notebook(Located object, String prefix, Set<String> taken, NotebookClient.Document document)
                throws IOException {
            String name = object.object().name();
            if (format != TransferService.Format.JUPYTER) {
                Notebook notebook = document.whole();
                begin(prefix + free(taken, name, "." + ending(notebook.language())), object);
                write(bytesOf(notebook, kept(object), name));
                zip.closeEntry();
                return;
            }
            begin(prefix + free(taken, name, ".ipynb"), object);
            boolean indented = document.bytes() < TransferService.INDENTED;
            try (JupyterWriter writer = new JupyterWriter(new Entry(), kept(object), name, indented)) {
                document.sendTo(writer);
                writer.finish();
            }
            zip.closeEntry();
        }

        /** Where the bytes of the entry that was begun go; closing it leaves the archive open. */
        private final class Entry extends OutputStream {
            @Override
            public void write(int one) throws IOException {
                write(new byte[] {(byte) one}, 0, 1);
            }

            @Override
            public void write(byte[] piece, int from, int length) throws IOException {
                count(length);
                zip.write(piece, from, length);
            }
        }

        private void begin(String name, Located object) throws IOException {
            entries++;
            if (entries > ArchiveLimits.ENTRIES) {
                throw ApiException.invalid("path has more than " + ArchiveLimits.ENTRIES
                        + " notebooks and files below it; export its folders one by one");
            }
            ZipEntry entry = new ZipEntry(name);
            entry.setLastModifiedTime(FileTime.from(object.object().modifiedAt()));
            zip.putNextEntry(entry);
        }

        private void write(byte[] content) throws IOException {
            count(content.length);
            zip.write(content);
        }

        private void count(int more) {
            bytes += more;
            if (bytes > ArchiveLimits.BYTES) {
                throw ApiException.invalid(
                        "path has more than " + ArchiveLimits.BYTES + " bytes below it; export its folders one by one");
            }
        }

        private Trimmings kept(Located notebook) {
            return trimmings.find(caller.workspaceId(), notebook.object().objectId());
        }

        private byte[] bytesOf(Notebook notebook, Trimmings kept, String name) {
            return switch (format) {
                case DBC -> DbcFormat.write(notebook, name, TransferService.MAX_BYTES);
                case HTML -> HtmlFormat.write(notebook, name);
                case SOURCE, AUTO, RAW, JUPYTER ->
                    SourceFormat.write(notebook, kept).getBytes(StandardCharsets.UTF_8);
            };
        }

        private String ending(Language language) {
            return switch (format) {
                case DBC -> DbcFormat.extension(language);
                case HTML -> "html";
                case SOURCE, AUTO, RAW, JUPYTER -> language.extension();
            };
        }
    }

    /** A name that nothing in the folder has yet, also where capitals are not told apart. */
    private static String free(Set<String> taken, String name, String ending) {
        String free = name + ending;
        for (int number = 2; !taken.add(free.toLowerCase(Locale.ROOT)); number++) {
            free = name + " (" + number + ")" + ending;
        }
        return free;
    }
}
