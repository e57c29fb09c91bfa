package io.campanile.workspace.objects;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.http.ApiException;
import io.campanile.common.http.ErrorCode;
import io.campanile.workspace.formats.HtmlFormat;
import io.campanile.workspace.formats.JupyterFormat;
import io.campanile.workspace.formats.Language;
import io.campanile.workspace.formats.Notebook;
import io.campanile.workspace.formats.SourceFormat;
import io.campanile.workspace.notebooks.NotebookClient;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Import and export: the rules of formats, languages, sizes and overwriting. */
public final class TransferService {
    static final int MAX_BYTES = 10 * 1024 * 1024;
    static final int MAX_JUPYTER_BYTES = 100 * 1024 * 1024;
    /** It is in memory as bytes, as base64 and as JSON before it leaves. */
    private static final long LARGEST_EXPORT =
            Math.min(MAX_JUPYTER_BYTES, Runtime.getRuntime().maxMemory() / 16);

    private final Tree tree;
    private final NotebookEntries entries;
    private final NotebookClient documents;

    public TransferService(Tree tree, NotebookEntries entries, NotebookClient documents) {
        this.tree = requireNonNull(tree, "tree");
        this.entries = requireNonNull(entries, "entries");
        this.documents = requireNonNull(documents, "documents");
    }

    /** What goes in or out; HTML only out. */
    enum Format {
        AUTO,
        SOURCE,
        JUPYTER,
        HTML
    }

    /** A notebook as a file. */
    record ExportedFile(String name, String fileType, byte[] content) {}

    /** Makes a notebook of a file, or with {@code overwrite} puts the file's content into the one that is there. */
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
        boolean automatic = format == Format.AUTO;
        Format actual = automatic ? detect(path.name()) : format;
        WorkspacePath target = automatic ? path.parent().child(withoutExtension(path.name())) : path;
        Located parent = tree.parentOf(caller, target);
        // Found before the content is read: a refusal should not cost a hundred megabytes of parsing.
        Optional<Located> there = tree.lookup(caller, target, Permission.CAN_EDIT);
        if (there.isPresent() && (!overwrite || there.get().object().isDirectory())) {
            throw Tree.taken(target);
        }
        Notebook notebook = read(path.name(), content, actual, language);
        if (there.isPresent()) {
            entries.replace(caller, there.get(), notebook);
            return;
        }
        entries.create(caller, parent, List.of(WorkspacePath.checkName(target.name())), notebook);
    }

    /** The notebook at a path as a file. */
    ExportedFile export(Caller caller, WorkspacePath path, Format format) {
        Located there = tree.at(caller, path, Permission.CAN_READ);
        if (there.object().isDirectory()) {
            throw ApiException.invalid("Path (" + path + ") is a folder; only notebooks can be exported");
        }
        String name = there.object().name();
        boolean outputs = format == Format.JUPYTER || format == Format.HTML;
        Notebook notebook = documents.get(caller, there.object().objectId(), outputs);
        return switch (format) {
            case JUPYTER -> file(name, "ipynb", JupyterFormat.write(notebook, name, LARGEST_EXPORT), MAX_JUPYTER_BYTES);
            case HTML -> file(name, "html", HtmlFormat.write(notebook, name), MAX_BYTES);
            case SOURCE, AUTO ->
                file(
                        name,
                        notebook.language().extension(),
                        SourceFormat.write(notebook).getBytes(StandardCharsets.UTF_8),
                        MAX_BYTES);
        };
    }

    private static ExportedFile file(String name, String type, byte[] content, int limit) {
        requireSize(content.length, limit);
        return new ExportedFile(name + "." + type, type, content);
    }

    private static Notebook read(String name, byte[] content, Format format, @Nullable Language language) {
        return switch (format) {
            case JUPYTER -> {
                requireSize(content.length, MAX_JUPYTER_BYTES);
                yield JupyterFormat.read(content, language);
            }
            case SOURCE -> {
                requireSize(content.length, MAX_BYTES);
                String text = text(content);
                Language known = Optional.ofNullable(language)
                        .or(() -> Language.ofFileName(name))
                        .or(() -> SourceFormat.languageOf(text))
                        .orElseThrow(() ->
                                ApiException.invalid("The language must be given for a notebook in the SOURCE format"));
                yield SourceFormat.read(text, known);
            }
            case HTML, AUTO -> throw ApiException.invalid("Notebooks cannot be imported from " + format);
        };
    }

    private static Format detect(String name) {
        if (name.toLowerCase(Locale.ROOT).endsWith(".ipynb")) {
            return Format.JUPYTER;
        }
        if (Language.ofFileName(name).isPresent()) {
            return Format.SOURCE;
        }
        throw ApiException.invalid(
                "'" + name + "' is not a notebook: its name must end in .ipynb, .java, .sql, .py, .scala or .r");
    }

    private static String withoutExtension(String name) {
        return name.substring(0, name.lastIndexOf('.'));
    }

    private static String text(byte[] content) {
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
