package io.campanile.kernel.cells;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.tree.ClassNode;

/**
 * Every class JShell made from cells: the original bytes (what goes to the cluster) and the loader that runs the
 * stop-checked form of them.
 */
public final class CellClasses {
    private final Map<String, byte[]> originals = new ConcurrentHashMap<>();
    private final Map<String, ClassNode> nodes = new ConcurrentHashMap<>();
    private final LibraryClasses libraries = new LibraryClasses(CellClasses.class.getClassLoader());
    private final Loader loader = new Loader(libraries);

    /** Takes a class by its binary name. */
    void add(String binaryName, byte[] bytes) {
        String name = binaryName.replace('.', '/');
        originals.put(name, bytes);
        nodes.remove(name);
        loader.runnable.put(binaryName, StopCheckWriter.rewrite(bytes));
    }

    public boolean contains(String internalName) {
        return originals.containsKey(internalName);
    }

    public byte @Nullable [] original(String internalName) {
        return originals.get(internalName);
    }

    /** The parsed original, to be read only. */
    public @Nullable ClassNode node(String internalName) {
        byte[] bytes = originals.get(internalName);
        if (bytes == null) {
            return null;
        }
        return nodes.computeIfAbsent(internalName, name -> {
            ClassNode node = new ClassNode();
            new ClassReader(bytes).accept(node, 0);
            return node;
        });
    }

    public ClassLoader loader() {
        return loader;
    }

    /** The libraries that cells may use. */
    public LibraryClasses libraries() {
        return libraries;
    }

    private static final class Loader extends ClassLoader {
        private final Map<String, byte[]> runnable = new ConcurrentHashMap<>();

        Loader(ClassLoader parent) {
            super("cells", parent);
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] bytes = runnable.remove(name);
            if (bytes == null) {
                throw new ClassNotFoundException(name);
            }
            return defineClass(name, bytes, 0, bytes.length);
        }
    }
}
