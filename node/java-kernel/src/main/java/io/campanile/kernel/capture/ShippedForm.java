package io.campanile.kernel.capture;

import io.campanile.kernel.cells.CellClasses;
import java.io.ObjectStreamClass;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.FieldNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;

/**
 * The form of a cell class that goes to the cluster: a wrapper keeps only the methods that are reached, and the
 * variables that are read get their values when the class is initialised.
 */
final class ShippedForm {
    private static final Map<Integer, String> BOXES = Map.of(
            Type.BOOLEAN, "java/lang/Boolean",
            Type.CHAR, "java/lang/Character",
            Type.BYTE, "java/lang/Byte",
            Type.SHORT, "java/lang/Short",
            Type.INT, "java/lang/Integer",
            Type.FLOAT, "java/lang/Float",
            Type.LONG, "java/lang/Long",
            Type.DOUBLE, "java/lang/Double");
    private final CellClasses cells;
    private final Reach reach;

    ShippedForm(CellClasses cells, Reach reach) {
        this.cells = cells;
        this.reach = reach;
    }

    byte[] of(String name) {
        ClassNode node = new ClassNode();
        byte[] original = cells.original(name);
        if (original == null) {
            throw new IllegalStateException("No cell class " + name);
        }
        new ClassReader(original).accept(node, 0);
        if (CellNames.isWrapper(name)) {
            prune(node);
        } else {
            pinSerialVersion(node);
        }
        InsnList assignments = assignments(name);
        if (assignments.size() > 0) {
            initialise(node, assignments);
        }
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        node.accept(writer);
        return writer.toByteArray();
    }

    private void prune(ClassNode node) {
        node.methods.removeIf(method -> !method.name.equals("$deserializeLambda$") && !reach.uses(node.name, method));
        if (node.nestMembers != null) {
            node.nestMembers.removeIf(member -> !reach.classes().contains(member));
        }
        node.innerClasses.removeIf(
                inner -> inner.name.startsWith("REPL/") && !reach.classes().contains(inner.name));
    }

    /** The default version number depends on the class's name, and that changes. */
    private void pinSerialVersion(ClassNode node) {
        boolean plainClass = (node.access & (Opcodes.ACC_INTERFACE | Opcodes.ACC_ENUM | Opcodes.ACC_RECORD)) == 0;
        if (!plainClass || node.fields.stream().anyMatch(field -> field.name.equals("serialVersionUID"))) {
            return;
        }
        try {
            Class<?> live = Class.forName(CellNames.binary(node.name), false, cells.loader());
            ObjectStreamClass stream = ObjectStreamClass.lookup(live);
            if (stream != null) {
                int access = Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC | Opcodes.ACC_FINAL;
                node.fields.add(new FieldNode(access, "serialVersionUID", "J", null, stream.getSerialVersionUID()));
            }
        } catch (ClassNotFoundException e) {
            throw new CaptureException("cannot read the class " + CellNames.readable(CellNames.binary(node.name)));
        }
    }

    private InsnList assignments(String owner) {
        InsnList code = new InsnList();
        int index = 0;
        for (FieldInsnNode variable : reach.variables().values()) {
            if (variable.owner.equals(owner)) {
                code.add(new FieldInsnNode(
                        Opcodes.GETSTATIC, SnapshotClass.NAME, SnapshotClass.FIELD, "[Ljava/lang/Object;"));
                code.add(new LdcInsnNode(index));
                code.add(new InsnNode(Opcodes.AALOAD));
                convert(code, Type.getType(variable.desc));
                code.add(new FieldInsnNode(Opcodes.PUTSTATIC, owner, variable.name, variable.desc));
            }
            index++;
        }
        return code;
    }

    private static void convert(InsnList code, Type type) {
        String box = BOXES.get(type.getSort());
        if (box == null) {
            code.add(new TypeInsnNode(Opcodes.CHECKCAST, type.getInternalName()));
            return;
        }
        code.add(new TypeInsnNode(Opcodes.CHECKCAST, box));
        code.add(new MethodInsnNode(
                Opcodes.INVOKEVIRTUAL, box, type.getClassName() + "Value", "()" + type.getDescriptor(), false));
    }

    private static void initialise(ClassNode node, InsnList assignments) {
        MethodNode initialiser = node.methods.stream()
                .filter(method -> method.name.equals("<clinit>"))
                .findFirst()
                .orElseGet(() -> emptyInitialiser(node.methods));
        for (AbstractInsnNode instruction : initialiser.instructions.toArray()) {
            if (instruction.getOpcode() == Opcodes.RETURN) {
                initialiser.instructions.insertBefore(instruction, copy(assignments));
            }
        }
    }

    private static MethodNode emptyInitialiser(List<MethodNode> methods) {
        MethodNode made = new MethodNode(Opcodes.ACC_STATIC, "<clinit>", "()V", null, null);
        made.instructions.add(new InsnNode(Opcodes.RETURN));
        methods.add(made);
        return made;
    }

    private static InsnList copy(InsnList code) {
        InsnList copy = new InsnList();
        Map<LabelNode, LabelNode> noLabels = new HashMap<>();
        for (AbstractInsnNode instruction : code) {
            copy.add(instruction.clone(noLabels));
        }
        return copy;
    }
}
