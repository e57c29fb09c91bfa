package io.campanile.kernel.capture;

import java.io.IOException;
import java.io.InputStream;
import java.util.Base64;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.commons.ClassRemapper;
import org.objectweb.asm.commons.SimpleRemapper;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;

/** Makes the class that carries the values of one version to the executors. */
final class SnapshotClass {
    static final String NAME = CellNames.PREFIX + "Snap";
    static final String FIELD = "VALUES";
    /** A string constant holds at most 65535 bytes. */
    private static final int CHUNK = 60_000;

    private static final String BUILDER = "java/lang/StringBuilder";

    private SnapshotClass() {}

    static byte[] of(byte[] stream) throws IOException {
        ClassNode node = new ClassNode();
        String template = Type.getInternalName(SnapshotTemplate.class);
        try (InputStream in = SnapshotClass.class.getResourceAsStream("SnapshotTemplate.class")) {
            if (in == null) {
                throw new IOException("SnapshotTemplate.class is missing");
            }
            new ClassReader(in).accept(new ClassRemapper(node, new SimpleRemapper(template, NAME)), 0);
        }
        // The array is read from classes of other names in the same package.
        node.access |= Opcodes.ACC_PUBLIC;
        for (MethodNode method : node.methods) {
            if (method.name.equals("data")) {
                fill(method, Base64.getEncoder().encodeToString(stream));
            }
        }
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        node.accept(writer);
        return writer.toByteArray();
    }

    private static void fill(MethodNode method, String text) {
        InsnList code = method.instructions;
        code.clear();
        method.localVariables = null;
        code.add(new TypeInsnNode(Opcodes.NEW, BUILDER));
        code.add(new InsnNode(Opcodes.DUP));
        code.add(new MethodInsnNode(Opcodes.INVOKESPECIAL, BUILDER, "<init>", "()V", false));
        for (int i = 0; i < text.length(); i += CHUNK) {
            code.add(new LdcInsnNode(text.substring(i, Math.min(text.length(), i + CHUNK))));
            code.add(new MethodInsnNode(
                    Opcodes.INVOKEVIRTUAL, BUILDER, "append", "(Ljava/lang/String;)L" + BUILDER + ";", false));
        }
        code.add(new MethodInsnNode(Opcodes.INVOKEVIRTUAL, BUILDER, "toString", "()Ljava/lang/String;", false));
        code.add(new InsnNode(Opcodes.ARETURN));
    }
}
