package io.campanile.workspace.objects;

import io.campanile.workspace.contents.Content;
import io.campanile.workspace.formats.Language;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A notebook or a file in a git folder.
 *
 * @param names below the folder
 * @param language of notebooks, else null
 * @param content of files, else null
 */
public record WorkingObject(
        long objectId,
        List<String> names,
        @Nullable Language language,
        @Nullable Content content) {
    public WorkingObject {
        names = List.copyOf(names);
    }

    public boolean isNotebook() {
        return language != null;
    }

    /** Below the folder, with slashes between. */
    public String path() {
        return String.join("/", names);
    }
}
