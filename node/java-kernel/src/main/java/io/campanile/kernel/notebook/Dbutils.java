package io.campanile.kernel.notebook;

import io.campanile.kernel.cells.ExitRequest;
import io.campanile.kernel.secrets.NodeSecrets;
import io.campanile.node.files.WorkspaceFiles;
import java.util.List;
import java.util.Map;

/** The utilities of a notebook under the names Databricks users know. */
public final class Dbutils {
    private final Files files;
    private final Secrets secrets;
    private final NotebookUtils notebook = new NotebookUtils();

    public Dbutils(WorkspaceFiles workspaceFiles, NodeSecrets nodeSecrets) {
        files = new Files(workspaceFiles);
        secrets = new Secrets(nodeSecrets);
    }

    public Files fs() {
        return files;
    }

    public NotebookUtils notebook() {
        return notebook;
    }

    public Widgets widgets() {
        throw notYet("widgets");
    }

    public Secrets secrets() {
        return secrets;
    }

    public Jobs jobs() {
        throw notYet("jobs");
    }

    private static UnsupportedOperationException notYet(String what) {
        return new UnsupportedOperationException("dbutils." + what + "() is not built yet");
    }

    @Override
    public String toString() {
        return "dbutils: fs(), notebook(), secrets()";
    }

    /** Control of the notebook's run. */
    public static final class NotebookUtils {
        private NotebookUtils() {}

        /** Ends the run with a value; what follows in the cell does not run. */
        public void exit(String value) {
            throw new ExitRequest(value);
        }

        @Override
        public String toString() {
            return "dbutils.notebook(): exit";
        }
    }

    /** The shape of the widgets utility, so that cells that use it compile and fail with a clear message. */
    public interface Widgets {
        String get(String name);

        Map<String, String> getAll();

        void text(String name, String defaultValue, String label);

        void text(String name, String defaultValue);

        void dropdown(String name, String defaultValue, List<String> choices);

        void remove(String name);

        void removeAll();
    }

    /** The shape of the jobs utility; see {@link Widgets}. */
    public interface Jobs {
        TaskValues taskValues();
    }

    /** The shape of the task values; see {@link Widgets}. */
    public interface TaskValues {
        void set(String key, Object value);

        Object get(String taskKey, String key, Object defaultValue, Object debugValue);
    }
}
