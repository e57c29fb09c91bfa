package io.campanile.kernel.notebook;

import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/** The functions every cell can call. Static, because cells import them. */
public final class Notebook {
    private static volatile @Nullable Services services;

    private Notebook() {}

    /** What stands behind the functions. */
    public interface Services {
        void display(@Nullable Object value);

        void displayHtml(String html);

        SparkSession spark();

        Dbutils dbutils();
    }

    /** Called once by the kernel, before the first cell. */
    public static void bind(Services behind) {
        services = behind;
    }

    /** Shows a value: a Dataset as a grid, images as images, lists of records as tables. */
    public static void display(@Nullable Object value) {
        services().display(value);
    }

    /** Shows HTML, in a frame of its own. */
    public static void displayHTML(String html) {
        services().displayHtml(html);
    }

    /** The session of the notebook's cluster. */
    public static SparkSession spark() {
        return services().spark();
    }

    public static Dbutils dbutils() {
        return services().dbutils();
    }

    private static Services services() {
        Services bound = services;
        if (bound == null) {
            throw new IllegalStateException("This code does not run in a notebook");
        }
        return bound;
    }
}
