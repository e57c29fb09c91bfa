package io.campanile.kernel.capture;

import io.campanile.kernel.cells.CellClasses;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.lang.reflect.Field;
import java.util.Collection;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.tree.FieldInsnNode;

/** The values that variables of the notebook have now, as one stream (one, so that shared objects stay shared). */
final class LiveValues {
    private static final int MAX_BYTES = 50 << 20;
    private final CellClasses cells;

    LiveValues(CellClasses cells) {
        this.cells = cells;
    }

    byte[] stream(Collection<FieldInsnNode> variables) throws IOException {
        Object[] values = new Object[variables.size()];
        int next = 0;
        for (FieldInsnNode variable : variables) {
            values[next++] = value(variable);
        }
        byte[] bytes;
        try {
            bytes = serialise(values);
        } catch (NotSerializableException e) {
            throw blame(variables, values, e);
        }
        if (bytes.length > MAX_BYTES) {
            throw new CaptureException("the variables read by code sent to the cluster hold "
                    + (bytes.length >> 20) + " MB; more than " + (MAX_BYTES >> 20)
                    + " MB cannot be sent: write the data to a table or a view and join with it");
        }
        return bytes;
    }

    private @Nullable Object value(FieldInsnNode variable) {
        Object value;
        try {
            Field field = Class.forName(CellNames.binary(variable.owner), true, cells.loader())
                    .getDeclaredField(variable.name);
            field.setAccessible(true);
            value = field.get(null);
        } catch (ReflectiveOperationException e) {
            throw new CaptureException("cannot read '" + variable.name + "': " + e);
        }
        if (value instanceof SparkSession || value instanceof Dataset) {
            String kind = value instanceof Dataset ? "Dataset" : "SparkSession";
            throw new CaptureException(
                    "'" + variable.name + "' (" + kind
                            + ") is read by code sent to the cluster; a session or a Dataset can only be used in the notebook itself");
        }
        return value;
    }

    /** Finds the variable that cannot be sent, for the message. */
    private static CaptureException blame(
            Collection<FieldInsnNode> variables, Object[] values, NotSerializableException failure) throws IOException {
        int next = 0;
        for (FieldInsnNode variable : variables) {
            Object value = values[next++];
            try {
                serialise(value);
            } catch (NotSerializableException e) {
                String type = value.getClass().getSimpleName();
                return new CaptureException("variable '" + variable.name + "' ("
                        + (type.isEmpty() ? "an anonymous class" : type)
                        + ") is read by code sent to the cluster but cannot be sent: "
                        + CellNames.readable(String.valueOf(e.getMessage())) + " is not Serializable");
            }
        }
        return new CaptureException("a variable read by code sent to the cluster cannot be sent: "
                + CellNames.readable(String.valueOf(failure.getMessage())) + " is not Serializable");
    }

    private static byte[] serialise(Object value) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        }
        return bytes.toByteArray();
    }
}
