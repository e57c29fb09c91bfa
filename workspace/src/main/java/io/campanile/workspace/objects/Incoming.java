package io.campanile.workspace.objects;

import io.campanile.common.errors.ApiException;
import io.campanile.workspace.formats.Language;
import io.campanile.workspace.formats.SourceFormat;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** What an import becomes, and where: as asked, or by name and first line. */
record Incoming(Kind kind, WorkspacePath target) {
    static final int HEAD_BYTES = 128;

    /** What a content is. */
    enum Kind {
        SOURCE,
        JUPYTER,
        FILE,
        DBC,
        ZIP
    }

    ObjectType type() {
        return kind == Kind.FILE ? ObjectType.FILE : ObjectType.NOTEBOOK;
    }

    /** {@code head}: the first {@link #HEAD_BYTES} of the content. */
    static Incoming of(WorkspacePath path, byte[] head, TransferService.Format format) {
        return switch (format) {
            case AUTO -> automatic(path, head);
            case RAW -> new Incoming(Kind.FILE, path);
            case DBC -> new Incoming(Kind.DBC, path);
            case SOURCE -> new Incoming(isZip(head) ? Kind.ZIP : Kind.SOURCE, path);
            case JUPYTER -> new Incoming(isZip(head) ? Kind.ZIP : Kind.JUPYTER, path);
            case HTML -> throw ApiException.invalid("Notebooks cannot be imported from HTML");
        };
    }

    /** A notebook when it is an .ipynb or says so in its first line, and then without its extension; else a file. */
    private static Incoming automatic(WorkspacePath path, byte[] bytes) {
        String name = path.name();
        int dot = name.lastIndexOf('.');
        String extension = dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
        if (extension.equals("ipynb") || extension.equals("dbc")) {
            return new Incoming(extension.equals("dbc") ? Kind.DBC : Kind.JUPYTER, without(path, dot));
        }
        String head = new String(bytes, StandardCharsets.UTF_8);
        Optional<Language> language = Language.ofFileName(name);
        if (language.filter(of -> SourceFormat.isNotebook(head, of)).isPresent()) {
            return new Incoming(Kind.SOURCE, without(path, dot));
        }
        boolean nameless = dot < 0 && SourceFormat.isNotebook(head);
        return new Incoming(nameless ? Kind.SOURCE : Kind.FILE, path);
    }

    private static WorkspacePath without(WorkspacePath path, int dot) {
        return path.parent().child(WorkspacePath.checkName(path.name().substring(0, dot)));
    }

    private static boolean isZip(byte[] content) {
        return content.length > 3 && content[0] == 'P' && content[1] == 'K' && content[2] == 3 && content[3] == 4;
    }
}
