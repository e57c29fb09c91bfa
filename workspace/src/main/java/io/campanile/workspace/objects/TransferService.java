package io.campanile.workspace.objects;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.http.ApiException;
import io.campanile.common.http.ErrorCode;
import io.campanile.workspace.blobs.BlobErrors;
import io.campanile.workspace.formats.HtmlFormat;
import io.campanile.workspace.formats.JupyterFormat;
import io.campanile.workspace.formats.Language;
import io.campanile.workspace.formats.Notebook;
import io.campanile.workspace.formats.ReadFile;
import io.campanile.workspace.formats.SourceFormat;
import io.campanile.workspace.formats.Trimmings;
import io.campanile.workspace.notebooks.NotebookClient;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Import and export: the rules of formats, languages, sizes and overwriting. */
public final class TransferService {
    static final int MAX_BYTES = 10 * 1024 * 1024;
    static final int MAX_JUPYTER_BYTES = 100 * 1024 * 1024;
    /** It is in memory as cells and as a tree of JSON before it leaves. */
    static final long LARGEST_EXPORT =
            Math.min(MAX_JUPYTER_BYTES, Runtime.getRuntime().maxMemory() / 16);

    private final Tree tree;
    private final NotebookEntries entries;
    private final TrimmingStore trimmings;
    private final FileEntries files;
    private final ArchiveImport archives;
    private final ArchiveExport exports;
    private final NotebookClient documents;

    public TransferService(
            Tree tree,
            NotebookEntries entries,
            TrimmingStore trimmings,
            FileEntries files,
            ArchiveImport archives,
            ArchiveExport exports,
            NotebookClient documents) {
        this.tree = requireNonNull(tree, "tree");
        this.entries = requireNonNull(entries, "entries");
        this.trimmings = requireNonNull(trimmings, "trimmings");
        this.files = requireNonNull(files, "files");
        this.archives = requireNonNull(archives, "archives");
        this.exports = requireNonNull(exports, "exports");
        this.documents = requireNonNull(documents, "documents");
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
            byte[] content,
            Format format,
            @Nullable Language language,
            boolean overwrite) {
        if (path.isRoot()) {
            throw Tree.taken(path);
        }
        Incoming incoming = Incoming.of(path, content, format);
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
        ReadFile read = read(path.name(), content, incoming.kind(), language);
        Located notebook;
        if (there.isPresent()) {
            notebook = there.get();
            entries.replace(caller, notebook, read.notebook());
        } else {
            notebook = entries.create(caller, parent, List.of(incoming.target().name()), read.notebook());
        }
        // An import that breaks off here was not answered, and is done again.
        trimmings.save(caller.workspaceId(), notebook.object().objectId(), read.trimmings());
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
        Notebook notebook = documents.get(caller, there.object().objectId(), outputs);
        Trimmings kept = trimmings.find(caller.workspaceId(), there.object().objectId());
        return switch (format) {
            case JUPYTER ->
                file(name, "ipynb", JupyterFormat.write(notebook, kept, name, LARGEST_EXPORT), MAX_JUPYTER_BYTES);
            case HTML -> file(name, "html", HtmlFormat.write(notebook, name), MAX_BYTES);
            case SOURCE, AUTO, RAW, DBC ->
                file(
                        name,
                        notebook.language().extension(),
                        SourceFormat.write(notebook, kept).getBytes(StandardCharsets.UTF_8),
                        MAX_BYTES);
        };
    }

    private Download archive(Caller caller, Located there, Format format) {
        Path zip = exports.export(caller, there, format);
        String type = format == Format.DBC ? "dbc" : "zip";
        String name =
                there.object().name().isEmpty() ? "Workspace" : there.object().name();
        // The name goes at once, the bytes when they have been read.
        return BlobErrors.guard(() -> new Download(
                name + "." + type,
                type,
                Files.size(zip),
                Files.newInputStream(zip, StandardOpenOption.READ, StandardOpenOption.DELETE_ON_CLOSE)));
    }

    private void importFolder(Caller caller, Incoming incoming, byte[] content) {
        requireSize(content.length, MAX_BYTES);
        Path draft = files.draft(content);
        try {
            archives.importFolder(caller, incoming.target(), draft, incoming.kind() == Incoming.Kind.DBC);
        } finally {
            FileEntries.discard(draft);
        }
    }

    private void importBytes(Caller caller, Located parent, Optional<Located> there, String name, byte[] content) {
        Path draft = files.draft(content);
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

    private static Download file(String name, String type, byte[] content, int limit) {
        requireSize(content.length, limit);
        return Download.of(name + "." + type, type, content);
    }

    private static ReadFile read(String name, byte[] content, Incoming.Kind kind, @Nullable Language language) {
        if (kind == Incoming.Kind.JUPYTER) {
            requireSize(content.length, MAX_JUPYTER_BYTES);
            return JupyterFormat.readFile(content, language);
        }
        requireSize(content.length, MAX_BYTES);
        String text = text(content);
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

    private static void requireSize(int bytes, int limit) {
        if (bytes > limit) {
            throw new ApiException(
                    ErrorCode.MAX_NOTEBOOK_SIZE_EXCEEDED,
                    "The notebook has " + bytes + " bytes; the limit of this format is " + limit);
        }
    }
}
