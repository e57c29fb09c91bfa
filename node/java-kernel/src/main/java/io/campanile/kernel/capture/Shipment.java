package io.campanile.kernel.capture;

import io.campanile.kernel.cells.CellClasses;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.TreeMap;
import org.objectweb.asm.tree.FieldInsnNode;

/**
 * One version of the cell classes that a request needs. Its id is a hash of code and values: the same code with the same
 * values has the same names on the cluster, and anything else has new ones (Connect ignores a second class of a name).
 */
record Shipment(String id, Map<String, byte[]> classes) {
    private static final int ID_LENGTH = 8;
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static final String DIGITS = "0123456789";

    /** Prepares all that the streams of a request need; class files by internal name, still under cell names. */
    static Shipment of(byte[] streams, CellClasses cells) throws IOException {
        Reach reach = new Reach(cells);
        reach.follow(streams);
        LiveValues live = new LiveValues(cells);
        byte[] values = new byte[0];
        // A value's class may read variables of its own, so this goes on until nothing new is found.
        for (int size = -1; size != reach.size(); ) {
            size = reach.size();
            values = live.stream(reach.variables().values());
            reach.follow(values);
        }
        for (String name : reach.assigned()) {
            System.err.println("Warning: code sent to the cluster assigns '" + name + "'; the notebook's own '" + name
                    + "' does not change");
        }
        return make(reach, cells, values);
    }

    private static Shipment make(Reach reach, CellClasses cells, byte[] values) throws IOException {
        ShippedForm form = new ShippedForm(cells, reach);
        Map<String, byte[]> classes = new TreeMap<>();
        reach.classes().forEach(name -> classes.put(name, form.of(name)));
        Map<String, FieldInsnNode> variables = reach.variables();
        String id = id(classes, values);
        if (!variables.isEmpty()) {
            // The stream inside the snapshot is encoded, so it must be renamed before and not with the class file.
            classes.put(SnapshotClass.NAME, SnapshotClass.of(CellNames.rename(values, id)));
        }
        return new Shipment(id, classes);
    }

    private static String id(Map<String, byte[]> classes, byte[] values) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            classes.forEach((name, bytes) -> {
                digest.update(name.getBytes(StandardCharsets.UTF_8));
                digest.update(bytes);
            });
            digest.update(values);
            return identifier(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is missing", e);
        }
    }

    /** Begins with a letter: Spark writes the names of cell classes into Java source that it compiles. */
    static String identifier(byte[] hash) {
        BigInteger rest = new BigInteger(1, hash);
        StringBuilder id = new StringBuilder();
        while (id.length() < ID_LENGTH) {
            String characters = id.isEmpty() ? LETTERS : LETTERS + DIGITS;
            BigInteger[] parts = rest.divideAndRemainder(BigInteger.valueOf(characters.length()));
            id.append(characters.charAt(parts[1].intValue()));
            rest = parts[0];
        }
        return id.toString();
    }
}
