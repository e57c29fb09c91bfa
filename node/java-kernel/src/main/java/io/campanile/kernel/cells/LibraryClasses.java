package io.campanile.kernel.cells;

import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The classes of the cluster's libraries, behind those of the kernel and of Spark's client. Jars are only ever added: they
 * come while cells run, and the compiler takes them before the next cell.
 */
public final class LibraryClasses extends URLClassLoader {
    private final Set<Path> jars = new LinkedHashSet<>();
    private final List<Path> uncompiled = new ArrayList<>();

    LibraryClasses(ClassLoader parent) {
        super("libraries", new URL[0], parent);
    }

    /** A jar that is there already stays where it is. */
    public synchronized void add(Path jar) {
        try {
            if (jars.add(jar)) {
                addURL(jar.toUri().toURL());
                uncompiled.add(jar);
            }
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("Not a jar: " + jar, e);
        }
    }

    /** Jars that came since it was asked last. */
    synchronized List<Path> fresh() {
        List<Path> fresh = List.copyOf(uncompiled);
        uncompiled.clear();
        return fresh;
    }
}
