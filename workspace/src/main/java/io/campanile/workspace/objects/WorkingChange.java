package io.campanile.workspace.objects;

import io.campanile.workspace.formats.Language;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to become of the objects of a working tree, all at once.
 *
 * @param removed as they were looked at: a change that comes between refuses the whole
 * @param folders that are there afterwards, empty or not
 * @param left folders that go when nothing is in them any more, as those of what is removed do
 */
public record WorkingChange(
        List<WorkingObject> removed, List<Write> written, List<List<String>> folders, List<List<String>> left) {
    public WorkingChange {
        removed = List.copyOf(removed);
        written = List.copyOf(written);
        folders = List.copyOf(folders);
        left = List.copyOf(left);
    }

    /** Bytes that can be read more than once. */
    public interface Bytes {
        InputStream open() throws IOException;
    }

    /**
     * A file of a commit that becomes an object.
     *
     * @param key how the caller finds it again
     * @param names below the folder
     * @param language of what becomes a notebook, else null
     * @param replaced the object of the same kind and name that gets the bytes; null: a new one
     */
    public record Write(
            String key,
            List<String> names,
            @Nullable Language language,
            @Nullable WorkingObject replaced,
            Bytes bytes) {
        public Write {
            names = List.copyOf(names);
        }

        public String path() {
            return String.join("/", names);
        }
    }

    /**
     * What a write became.
     *
     * @param contentId of files
     * @param digest of notebooks: what their text is from now on; null where {@link WorkingTrees#rewrite} is still to come
     */
    public record Written(
            long objectId,
            @Nullable Long contentId,
            @Nullable String digest) {}
}
