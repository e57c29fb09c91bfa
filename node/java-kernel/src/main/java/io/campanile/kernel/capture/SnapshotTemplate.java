package io.campanile.kernel.capture;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectStreamClass;
import java.util.Base64;

/**
 * What holds the values on an executor. Never used here under this name: {@link SnapshotClass} renames it and gives
 * {@link #data()} its bytes. It may use nothing but the JDK.
 */
class SnapshotTemplate extends ObjectInputStream {
    /** The values, in the order of the variables' names. */
    public static final Object[] VALUES;

    static {
        try (SnapshotTemplate in = new SnapshotTemplate(
                new ByteArrayInputStream(Base64.getDecoder().decode(data())))) {
            VALUES = (Object[]) in.readObject();
        } catch (IOException | ClassNotFoundException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    SnapshotTemplate(InputStream in) throws IOException {
        super(in);
    }

    @Override
    protected Class<?> resolveClass(ObjectStreamClass described) throws IOException, ClassNotFoundException {
        try {
            return Class.forName(described.getName(), false, SnapshotTemplate.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            return super.resolveClass(described);
        }
    }

    static String data() {
        return "";
    }
}
