package io.campanile.kernel.cells;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;

/** Rewrites a cell class: stop checks at backward jumps and method entries, and no way to end the process. */
final class StopCheckWriter {
    private static final String CHECK = Type.getInternalName(StopCheck.class);
    private static final String GUARD = Type.getInternalName(ExitGuard.class);
    private static final String RUNTIME = "java/lang/Runtime";

    private StopCheckWriter() {}

    static byte[] rewrite(byte[] bytes) {
        ClassNode node = new ClassNode();
        new ClassReader(bytes).accept(node, 0);
        for (MethodNode method : node.methods) {
            if (method.instructions.size() > 0) {
                guardExit(method);
                if (!method.name.equals("<clinit>")) {
                    addChecks(method);
                }
            }
        }
        // A call needs no new stack-map frame, so the existing ones stay valid.
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        node.accept(writer);
        return writer.toByteArray();
    }

    private static void addChecks(MethodNode method) {
        Set<LabelNode> seen = new HashSet<>();
        for (AbstractInsnNode instruction : method.instructions.toArray()) {
            if (instruction instanceof LabelNode label) {
                seen.add(label);
            } else if (jumpsBack(instruction, seen)) {
                method.instructions.insertBefore(instruction, check());
            }
        }
        if (!method.name.equals("<init>") && !method.name.startsWith("do_it$")) {
            method.instructions.insert(check());
        }
    }

    private static boolean jumpsBack(AbstractInsnNode instruction, Set<LabelNode> seen) {
        if (instruction instanceof JumpInsnNode jump) {
            return seen.contains(jump.label) && !CountedLoop.endsSoon(jump);
        }
        if (instruction instanceof TableSwitchInsnNode table) {
            return anySeen(table.dflt, table.labels, seen);
        }
        return instruction instanceof LookupSwitchInsnNode lookup && anySeen(lookup.dflt, lookup.labels, seen);
    }

    private static boolean anySeen(LabelNode first, List<LabelNode> others, Set<LabelNode> seen) {
        return seen.contains(first) || others.stream().anyMatch(seen::contains);
    }

    private static MethodInsnNode check() {
        return new MethodInsnNode(Opcodes.INVOKESTATIC, CHECK, "check", "()V", false);
    }

    private static void guardExit(MethodNode method) {
        for (AbstractInsnNode instruction : method.instructions.toArray()) {
            if (instruction instanceof MethodInsnNode call && endsProcess(call.owner, call.name)) {
                String descriptor = call.owner.equals(RUNTIME) ? "(Ljava/lang/Runtime;I)V" : "(I)V";
                method.instructions.set(
                        call, new MethodInsnNode(Opcodes.INVOKESTATIC, GUARD, "exit", descriptor, false));
            } else if (instruction instanceof InvokeDynamicInsnNode dynamic) {
                guardReferences(dynamic);
            }
        }
    }

    /** {@code System::exit} is a handle in the bootstrap arguments, not a call. */
    private static void guardReferences(InvokeDynamicInsnNode dynamic) {
        for (int i = 0; i < dynamic.bsmArgs.length; i++) {
            if (dynamic.bsmArgs[i] instanceof Handle handle && endsProcess(handle.getOwner(), handle.getName())) {
                String descriptor = handle.getOwner().equals(RUNTIME) ? "(Ljava/lang/Runtime;I)V" : "(I)V";
                dynamic.bsmArgs[i] = new Handle(Opcodes.H_INVOKESTATIC, GUARD, "exit", descriptor, false);
            }
        }
    }

    private static boolean endsProcess(String owner, String name) {
        if (owner.equals("java/lang/System")) {
            return name.equals("exit");
        }
        return owner.equals(RUNTIME) && (name.equals("exit") || name.equals("halt"));
    }
}
