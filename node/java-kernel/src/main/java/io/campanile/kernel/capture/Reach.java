package io.campanile.kernel.capture;

import io.campanile.kernel.cells.CellClasses;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.FieldNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.MultiANewArrayInsnNode;
import org.objectweb.asm.tree.TypeInsnNode;

/**
 * Walks the bytecode of cells from the lambda bodies and classes a stream names: which classes, methods and variables
 * (static fields of cell classes) its code can come to use.
 */
final class Reach {
    private final CellClasses cells;
    private final SortedSet<String> classes = new TreeSet<>();
    private final Set<String> methods = new HashSet<>();
    private final SortedMap<String, FieldInsnNode> variables = new TreeMap<>();
    private final SortedSet<String> assigned = new TreeSet<>();
    private final ArrayDeque<Method> open = new ArrayDeque<>();

    private record Method(String owner, String name, String descriptor) {}

    Reach(CellClasses cells) {
        this.cells = cells;
    }

    SortedSet<String> classes() {
        return classes;
    }

    /** Sorted by owner and name: the order of the values in a snapshot. */
    SortedMap<String, FieldInsnNode> variables() {
        return variables;
    }

    /** Variables that the code for the cluster assigns. */
    SortedSet<String> assigned() {
        return assigned;
    }

    boolean uses(String owner, MethodNode method) {
        return methods.contains(key(owner, method.name, method.desc));
    }

    int size() {
        return classes.size() + variables.size();
    }

    /** Adds what a serialisation stream names, and all that follows from it. */
    void follow(byte[] stream) {
        String text = new String(stream, StandardCharsets.ISO_8859_1);
        for (String name : CellNames.mentioned(stream, cells)) {
            addClass(name);
            ClassNode node = cells.node(name);
            if (node != null && CellNames.isWrapper(name)) {
                node.methods.stream()
                        .filter(method -> isLambdaBody(method) && text.contains(asStreamString(method.name)))
                        .forEach(method -> addMethod(name, method.name, method.desc));
            }
        }
        drain();
    }

    private static boolean isLambdaBody(MethodNode method) {
        return !method.name.startsWith("do_it$")
                && !method.name.startsWith("<")
                && !method.name.equals("$deserializeLambda$");
    }

    /** TC_STRING, two bytes of length, the name: a bare name could be a part of a longer one. */
    private static String asStreamString(String name) {
        return "t" + (char) (name.length() >> 8) + (char) (name.length() & 0xff) + name;
    }

    private void drain() {
        for (Method method = open.poll(); method != null; method = open.poll()) {
            ClassNode node = cells.node(method.owner());
            if (node == null) {
                continue;
            }
            for (MethodNode body : node.methods) {
                if (body.name.equals(method.name()) && body.desc.equals(method.descriptor())) {
                    addTypes(body.desc);
                    for (AbstractInsnNode instruction : body.instructions) {
                        visit(instruction, body);
                    }
                }
            }
        }
    }

    private void visit(AbstractInsnNode instruction, MethodNode inside) {
        if (instruction instanceof FieldInsnNode field) {
            visitField(field, inside);
        } else if (instruction instanceof MethodInsnNode call) {
            addClass(call.owner);
            addMethod(call.owner, call.name, call.desc);
            addTypes(call.desc);
        } else if (instruction instanceof InvokeDynamicInsnNode dynamic) {
            addTypes(dynamic.desc);
            for (Object argument : dynamic.bsmArgs) {
                if (argument instanceof Handle handle) {
                    addMethod(handle.getOwner(), handle.getName(), handle.getDesc());
                } else if (argument instanceof Type type) {
                    addTypes(type.getDescriptor());
                }
            }
        } else if (instruction instanceof TypeInsnNode type) {
            addClass(type.desc);
        } else if (instruction instanceof LdcInsnNode constant && constant.cst instanceof Type type) {
            addClass(type.getDescriptor());
        } else if (instruction instanceof MultiANewArrayInsnNode array) {
            addClass(array.desc);
        }
    }

    private void visitField(FieldInsnNode field, MethodNode inside) {
        addTypes(field.desc);
        addClass(field.owner);
        boolean isStatic = field.getOpcode() == Opcodes.GETSTATIC || field.getOpcode() == Opcodes.PUTSTATIC;
        ClassNode owner = cells.node(field.owner);
        if (!isStatic || owner == null) {
            return;
        }
        for (FieldNode declared : owner.fields) {
            boolean variable = (declared.access & (Opcodes.ACC_FINAL | Opcodes.ACC_SYNTHETIC)) == 0;
            if (declared.name.equals(field.name) && variable) {
                if (field.getOpcode() == Opcodes.GETSTATIC) {
                    variables.put(field.owner + "." + field.name, field);
                } else if (!inside.name.equals("<clinit>")) {
                    assigned.add(field.name);
                }
            }
        }
    }

    private void addClass(@Nullable String typeName) {
        String name = element(typeName);
        ClassNode node = cells.node(name);
        if (node == null || !classes.add(name)) {
            return;
        }
        addClass(node.nestHostClass);
        addClass(node.superName);
        node.interfaces.forEach(this::addClass);
        if (!CellNames.isWrapper(name)) {
            // Any method of a user's class may be called by Spark or by a library.
            node.methods.forEach(method -> addMethod(name, method.name, method.desc));
            node.fields.forEach(field -> addTypes(field.desc));
            if (node.permittedSubclasses != null) {
                node.permittedSubclasses.forEach(this::addClass);
            }
        }
    }

    /** The class in an array type or a descriptor. */
    private static String element(@Nullable String typeName) {
        String name = typeName == null ? "" : typeName;
        while (name.startsWith("[")) {
            name = name.substring(1);
        }
        return name.startsWith("L") && name.endsWith(";") ? name.substring(1, name.length() - 1) : name;
    }

    private void addTypes(String descriptor) {
        if (descriptor.startsWith("(")) {
            for (Type type : Type.getArgumentTypes(descriptor)) {
                addClass(type.getDescriptor());
            }
            addClass(Type.getReturnType(descriptor).getDescriptor());
        } else {
            addClass(descriptor);
        }
    }

    private void addMethod(String owner, String name, String descriptor) {
        if (cells.contains(owner) && methods.add(key(owner, name, descriptor))) {
            addClass(owner);
            open.add(new Method(owner, name, descriptor));
        }
    }

    private static String key(String owner, String name, String descriptor) {
        return owner + "." + name + descriptor;
    }
}
