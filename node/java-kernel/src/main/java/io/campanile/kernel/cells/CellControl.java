package io.campanile.kernel.cells;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import jdk.jshell.execution.DirectExecutionControl;
import jdk.jshell.execution.LoaderDelegate;
import jdk.jshell.spi.ExecutionControl;
import org.jspecify.annotations.Nullable;

/** JShell's view of the process: loads snippet classes here and runs them on the cell worker. */
final class CellControl extends DirectExecutionControl {
    private final CellRun run;
    private @Nullable Object value;
    private @Nullable Throwable thrown;

    CellControl(CellClasses classes, CellRun run) {
        super(new Delegate(classes));
        this.run = run;
    }

    /** What the last snippet returned. */
    @Nullable
    Object value() {
        return value;
    }

    /** What the last snippet threw, if it threw. */
    @Nullable
    Throwable thrown() {
        return thrown;
    }

    void reset() {
        value = null;
        thrown = null;
    }

    @Override
    protected String invoke(Method snippet) throws Exception {
        try {
            value = run.call(() -> snippet.invoke(null));
        } catch (InvocationTargetException e) {
            thrown = e.getCause();
            throw e;
        } catch (Throwable e) {
            thrown = e;
            throw new InvocationTargetException(e);
        }
        return "";
    }

    /** JShell's textual values are not used. */
    @Override
    public String varValue(String className, String variable) {
        return "";
    }

    @Override
    public void addToClasspath(String path) {
        // The compiler's class path is the process's own: nothing to load.
    }

    private static final class Delegate implements LoaderDelegate {
        private final CellClasses classes;
        private final Map<String, Class<?>> loaded = new ConcurrentHashMap<>();

        Delegate(CellClasses classes) {
            this.classes = classes;
        }

        @Override
        public void load(ExecutionControl.ClassBytecodes[] bytecodes) throws ExecutionControl.ClassInstallException {
            boolean[] done = new boolean[bytecodes.length];
            try {
                for (ExecutionControl.ClassBytecodes one : bytecodes) {
                    classes.add(one.name(), one.bytecodes());
                }
                for (int i = 0; i < bytecodes.length; i++) {
                    Class<?> type = classes.loader().loadClass(bytecodes[i].name());
                    loaded.put(bytecodes[i].name(), type);
                    // Resolves signatures now, so that a missing class fails here and not in the middle of the cell.
                    done[i] = type.getDeclaredMethods() != null;
                }
            } catch (ClassNotFoundException | LinkageError e) {
                throw new ExecutionControl.ClassInstallException("load: " + e, done);
            }
        }

        @Override
        public void classesRedefined(ExecutionControl.ClassBytecodes[] bytecodes) {
            // Redefinition is not offered; JShell makes new classes instead.
        }

        @Override
        public void addToClasspath(String path) {
            // See the outer class.
        }

        @Override
        public Class<?> findClass(String name) throws ClassNotFoundException {
            Class<?> type = loaded.get(name);
            if (type == null) {
                throw new ClassNotFoundException(name);
            }
            return type;
        }
    }
}
