package io.campanile.kernel.cells;

import java.util.HashSet;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.IincInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Recognises javac's shape of {@code for (int i = ..; i < n; i++)} with no call and no inner loop. Such a loop ends
 * within 2^32 cheap steps by itself, and a check inside it would keep the JIT from vectorising it (measured: 3 times
 * slower matrix multiplication).
 */
final class CountedLoop {
    /** ILOAD i, then at most two instructions that load the bound, then IF_ICMPGE. */
    private static final int HEAD_LENGTH = 4;

    private CountedLoop() {}

    static boolean endsSoon(JumpInsnNode back) {
        if (back.getOpcode() != Opcodes.GOTO || !(previous(back) instanceof IincInsnNode step) || step.incr != 1) {
            return false;
        }
        AbstractInsnNode head = back.label;
        while (head.getOpcode() < 0) {
            head = head.getNext();
        }
        boolean loadsCounter =
                head instanceof VarInsnNode load && load.getOpcode() == Opcodes.ILOAD && load.var == step.var;
        return loadsCounter && plainBody(back, step);
    }

    private static boolean plainBody(JumpInsnNode back, IincInsnNode step) {
        boolean exit = false;
        int position = 0;
        Set<LabelNode> inside = new HashSet<>();
        for (AbstractInsnNode i = back.label; i != back; i = i.getNext()) {
            if (i.getOpcode() >= 0) {
                position++;
            }
            if (i instanceof LabelNode label) {
                inside.add(label);
            } else if (i instanceof MethodInsnNode || i instanceof InvokeDynamicInsnNode || writes(i, step)) {
                return false;
            } else if (i instanceof JumpInsnNode jump) {
                if (inside.contains(jump.label)) {
                    return false;
                }
                exit |= jump.getOpcode() == Opcodes.IF_ICMPGE && position <= HEAD_LENGTH;
            }
        }
        return exit;
    }

    private static boolean writes(AbstractInsnNode instruction, IincInsnNode step) {
        if (instruction instanceof IincInsnNode other) {
            return other != step && other.var == step.var;
        }
        return instruction instanceof VarInsnNode store && store.getOpcode() == Opcodes.ISTORE && store.var == step.var;
    }

    private static AbstractInsnNode previous(AbstractInsnNode instruction) {
        AbstractInsnNode i = instruction.getPrevious();
        while (i.getOpcode() < 0 && i.getPrevious() != null) {
            i = i.getPrevious();
        }
        return i;
    }
}
