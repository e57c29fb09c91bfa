package io.campanile.workspace.objects;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.concurrent.Turns;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.http.SpooledBody;
import io.campanile.common.spool.Spool;
import io.campanile.workspace.blobs.BlobErrors;
import io.campanile.workspace.formats.HtmlFormat;
import io.campanile.workspace.formats.JupyterFile;
import io.campanile.workspace.formats.JupyterWriter;
import io.campanile.workspace.formats.Language;
import io.campanile.workspace.formats.Notebook;
import io.campanile.workspace.formats.NotebookSource;
import io.campanile.workspace.formats.ReadFile;
import io.campanile.workspace.formats.SourceFormat;
import io.campanile.workspace.formats.Trimmings;
import io.campanile.workspace.notebooks.NotebookClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Import and export: the rules of formats, languages, sizes and overwriting. */
public final class TransferService {
    static final int MAX_BYTES = 10 * 1024 * 1024;
    static final int MAX_JUPYTER_BYTES = 100 * 1024 * 1024;
    /** Lines cut, ids and members that a file may leave out make a little more of the largest that was imported. */
    private static final long MAX_JUPYTER_EXPORT = MAX_JUPYTER_BYTES + 8L * 1024 * 1024;
    /** Larger documents are written without indentation, which can make a hundred times more of nested outputs. */
    static final long INDENTED = 32L * 1024 * 1024;

    private final Tree tree;
    private final NotebookEntries entries;
    private final TrimmingStore trimmings;
    private final FileEntries files;
    private final ArchiveImport archives;
    private final ArchiveExport exports;
    private final NotebookClient documents;
    private final Turns turns;

    public TransferService(
            Tree tree,
            NotebookEntries entries,
            TrimmingStore trimmings,
            FileEntries files,
            ArchiveImport archives,
            ArchiveExport exports,
            NotebookClient documents,
            Turns turns) {
        this.tree = requireNonNull(tree, "tree");
        this.entries = requireNonNull(entries, "entries");
        this.trimmings = requireNonNull(trimmings, "trimmings");
        this.files = requireNonNull(files, "files");
        this.archives = requireNonNull(archives, "archives");
        this.exports = requireNonNull(exports, "exports");
        this.documents = requireNonNull(documents, "documents");
        this.turns = requireNonNull(turns, "turns");
    }

    /** What goes in or out; HTML only out. */
    enum Format {
        AUTO,
        SOURCE,
        JUPYTER,
        HTML,
        DBC,
        RAW
    }

    /** Makes an object of a file, or with {@code overwrite} puts the file's content into the one that is there. */
    void importFile(
            Caller caller,
            WorkspacePath path,
            Spool content,
            Format format,
            @Nullable Language language,
            boolean overwrite) {
        if (path.isRoot()) {
            throw Tree.taken(path);
        }
        Incoming incoming = Incoming.of(path, BlobErrors.guard(() -> content.head(Incoming.HEAD_BYTES)), format);
        if (incoming.kind() == Incoming.Kind.DBC || incoming.kind() == Incoming.Kind.ZIP) {
            importFolder(caller, incoming, content);
            return;
        }
        Located parent = tree.parentOf(caller, incoming.target());
        // Found before the content is read: a refusal should not cost a hundred megabytes of parsing.
        Optional<Located> there = tree.lookup(caller, incoming.target(), Permission.CAN_EDIT);
        if (there.isPresent() && (!overwrite || there.get().object().type() != incoming.type())) {
            throw Tree.taken(incoming.target());
        }
        if (there.isEmpty()) {
            tree.requireFree(parent, incoming.target().name());
        }
        if (incoming.kind() == Incoming.Kind.FILE) {
            importBytes(caller, parent, there, incoming.target().name(), content);
            return;
        }
        Destination to =
                new Destination(caller, parent, there, incoming.target().name());
        if (incoming.kind() == Incoming.Kind.SOURCE) {
            ReadFile read = source(path.name(), content, language);
            put(to, read.notebook(), read::trimmings);
        } else if (content.file().isEmpty()) {
            importJupyter(to, content, language);
        } else {
            turns.take(caller, () -> importJupyter(to, content, language));
        }
    }

    /** Where a notebook goes: into the one that is there, or under a name. */
    private record Destination(Caller caller, Located parent, Optional<Located> there, String name) {}

    private boolean importJupyter(Destination to, Spool content, @Nullable Language language) {
        requireSize(content.size(), MAX_JUPYTER_BYTES);
        JupyterFile file = BlobErrors.guard(() -> JupyterFile.open(content::open, language));
        // Known once the cells have been read on their way to the document.
        put(to, file, file::trimmings);
        return true;
    }

    private void put(Destination to, NotebookSource notebook, Supplier<Trimmings> kept) {
        Caller caller = to.caller();
        Located made;
        if (to.there().isPresent()) {
            made = to.there().get();
            entries.replace(caller, made, notebook);
        } else {
            made = entries.create(caller, to.parent(), List.of(to.name()), notebook);
        }
        // An import that breaks off here was not answered, and is done again.
        trimmings.save(caller.workspaceId(), made.object().objectId(), kept.get());
    }

    /** The object at a path as a file; of a folder, an archive. */
    Download export(Caller caller, WorkspacePath path, Format format) {
        Located there = tree.at(caller, path, Permission.CAN_READ);
        String name = there.object().name();
        boolean folder = there.object().isDirectory();
        if (folder && format == Format.RAW) {
            throw ApiException.invalid("Path (" + path + ") is a folder; it has no format RAW");
        }
        if (there.object().type() == ObjectType.FILE) {
            if (format == Format.JUPYTER || format == Format.HTML || format == Format.DBC) {
                throw ApiException.invalid("Path (" + path + ") is a file, not a notebook; it has no format " + format);
            }
            FileEntries.Opened opened = files.open(there);
            int dot = name.lastIndexOf('.');
            return new Download(
                    name,
                    dot < 0 ? "" : name.substring(dot + 1),
                    opened.content().size(),
                    opened.bytes());
        }
        if (folder || format == Format.DBC) {
            return archive(caller, there, format == Format.AUTO ? Format.SOURCE : format);
        }
        boolean outputs = format == Format.JUPYTER || format == Format.HTML;
        return documents.read(
                caller,
                there.object().objectId(),
                outputs,
                document -> document.bytes() <= SpooledBody.LARGE
                        ? written(caller, there, document, format)
                        : turns.take(caller, () -> BlobErrors.guard(() -> written(caller, there, document, format))));
    }

    private Download written(Caller caller, Located there, NotebookClient.Document document, Format format)
            throws IOException {
        String name = there.object().name();
        Trimmings kept = trimmings.find(caller.workspaceId(), there.object().objectId());
        if (format == Format.JUPYTER) {
            return jupyter(name, kept, document);
        }
        Notebook notebook = document.whole();
        return format == Format.HTML
                ? file(name, "html", HtmlFormat.write(notebook, name))
                : file(
                        name,
                        notebook.language().extension(),
                        SourceFormat.write(notebook, kept).getBytes(StandardCharsets.UTF_8));
    }

    /** The file, spooled: it is sent when all of it is known to be there. */
    private Download jupyter(String name, Trimmings kept, NotebookClient.Document document) throws IOException {
        Spool file = Spool.at(files.draft(), MAX_JUPYTER_EXPORT, TransferService::tooLarge);
        boolean done = false;
        try (JupyterWriter writer = new JupyterWriter(file.out(), kept, name, document.bytes() < INDENTED)) {
            document.sendTo(writer);
            writer.finish();
            done = true;
        } finally {
            if (!done) {
                file.close();
            }
        }
        return Download.of(name + ".ipynb", "ipynb", file);
    }

    private Download archive(Caller caller, Located there, Format format) {
        Path zip = exports.export(caller, there, format);
        String type = format == Format.DBC ? "dbc" : "zip";
        String name =
                there.object().name().isEmpty() ? "Workspace" : there.object().name();
        return BlobErrors.guard(() -> Download.of(name + "." + type, type, zip));
    }

    private void importFolder(Caller caller, Incoming incoming, Spool content) {
        requireSize(content.size(), MAX_BYTES);
        Path draft = draft(content);
        try {
            archives.importFolder(caller, incoming.target(), draft, incoming.kind() == Incoming.Kind.DBC);
        } finally {
            FileEntries.discard(draft);
        }
    }

    private void importBytes(Caller caller, Located parent, Optional<Located> there, String name, Spool content) {
        Path draft = draft(content);
        try {
            if (there.isPresent()) {
                files.replace(caller, there.get(), draft, null);
            } else {
                files.create(caller, parent, name, draft);
            }
        } finally {
            FileEntries.discard(draft);
        }
    }

    private Path draft(Spool content) {
        return content.file().orElseGet(() -> files.draft(BlobErrors.guard(content::bytes)));
    }

    private static Download file(String name, String type, byte[] content) {
        requireSize(content.length, MAX_BYTES);
        return Download.of(name + "." + type, type, content);
    }

    private static ReadFile source(String name, Spool content, @Nullable Language language) {
        requireSize(content.size(), MAX_BYTES);
        String text = text(BlobErrors.guard(content::bytes));
        Language known = Optional.ofNullable(language)
                .or(() -> Language.ofFileName(name))
                .or(() -> SourceFormat.languageOf(text))
                .orElseThrow(
                        () -> ApiException.invalid("The language must be given for a notebook in the SOURCE format"));
        return SourceFormat.readFile(text, known);
    }

    static String text(byte[] content) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
            if (text.indexOf('\0') >= 0) {
                throw ApiException.invalid("The content is not text: it has a zero byte");
            }
            return text;
        } catch (CharacterCodingException e) {
            throw new ApiException(ErrorCode.INVALID_PARAMETER_VALUE, "The content is not UTF-8 text", e);
        }
    }

    private static ApiException tooLarge() {
        return new ApiException(
                ErrorCode.MAX_NOTEBOOK_SIZE_EXCEEDED,
                "The notebook has more than " + MAX_JUPYTER_EXPORT + " bytes in this format, which is the limit");
    }

    private static void requireSize(long bytes, int limit) {
        if (bytes > limit) {
            throw new ApiException(
                    ErrorCode.MAX_NOTEBOOK_SIZE_EXCEEDED,
                    "Field content: the notebook has " + bytes + " bytes; the limit of this format is " + limit);
        }
    }
}
