package io.campanile.kernel.cells;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

class StopCheckWriterTest {
    /** Code as a cell might have it. */
    public static final class Sample {
        public static int endless() {
            int n = 0;
            while (n >= 0) {
                n = Math.abs(n + 1);
            }
            return n;
        }

        public static long counted(int[] values) {
            long sum = 0;
            for (int i = 0; i < values.length; i++) {
                sum += values[i];
            }
            return sum;
        }

        public static long countedWithCall(int[] values) {
            long sum = 0;
            for (int i = 0; i < values.length; i++) {
                sum += Math.abs(values[i]);
            }
            return sum;
        }

        public static void exit() {
            System.exit(1);
        }

        public static void exitByReference() {
            IntConsumer exit = System::exit;
            exit.accept(1);
        }

        public static void halt() {
            Runtime.getRuntime().halt(1);
        }
    }

    @Test
    void loopsAreCheckedUnlessTheyAreShortCountedOnes() throws IOException {
        assertThat(checks("endless")).isEqualTo(2);
        assertThat(checks("counted")).isEqualTo(1);
        assertThat(checks("countedWithCall")).isEqualTo(2);
    }

    @Test
    void theProcessCannotBeEnded() throws IOException, ReflectiveOperationException {
        Class<?> rewritten = load();

        for (String method : List.of("exit", "exitByReference", "halt")) {
            assertThatThrownBy(() -> rewritten.getMethod(method).invoke(null))
                    .isInstanceOf(InvocationTargetException.class)
                    .hasCauseInstanceOf(ExitGuard.ExitRefused.class);
        }
    }

    @Test
    void whatIsNotStoppedComputesTheSame() throws IOException, ReflectiveOperationException {
        Object sum = load().getMethod("counted", int[].class).invoke(null, (Object) new int[] {1, 2, 3});

        assertThat(sum).isEqualTo(6L);
    }

    private static long checks(String method) throws IOException {
        ClassNode node = new ClassNode();
        new ClassReader(StopCheckWriter.rewrite(original())).accept(node, 0);
        List<AbstractInsnNode> calls = new ArrayList<>();
        for (MethodNode each : node.methods) {
            if (each.name.equals(method)) {
                each.instructions.forEach(calls::add);
            }
        }
        return calls.stream()
                .filter(instruction -> instruction instanceof MethodInsnNode call && call.name.equals("check"))
                .count();
    }

    private static Class<?> load() throws IOException, ClassNotFoundException {
        byte[] rewritten = StopCheckWriter.rewrite(original());
        return new ClassLoader(StopCheckWriterTest.class.getClassLoader()) {
            @Override
            protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                return name.equals(Sample.class.getName())
                        ? defineClass(name, rewritten, 0, rewritten.length)
                        : super.loadClass(name, resolve);
            }
        }.loadClass(Sample.class.getName());
    }

    private static byte[] original() throws IOException {
        try (InputStream in = Objects.requireNonNull(
                StopCheckWriterTest.class.getResourceAsStream("StopCheckWriterTest$Sample.class"))) {
            return in.readAllBytes();
        }
    }
}
