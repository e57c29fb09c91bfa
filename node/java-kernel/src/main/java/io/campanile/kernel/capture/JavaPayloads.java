package io.campanile.kernel.capture;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.sparkproject.com.google.protobuf.ByteString;
import org.sparkproject.com.google.protobuf.Descriptors.FieldDescriptor;
import org.sparkproject.com.google.protobuf.Message;

/**
 * The Java serialisation streams inside a request: bytes fields that start with the stream magic. Nothing else is
 * looked at, because plans also carry call-site texts that name cell classes.
 */
final class JavaPayloads {
    private JavaPayloads() {}

    static byte[] all(Message request) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        map(request, bytes -> {
            all.writeBytes(bytes);
            return bytes;
        });
        return all.toByteArray();
    }

    /** The request with every stream replaced; the same instance when none changed. */
    static Message map(Message message, UnaryOperator<byte[]> change) {
        Message.Builder builder = null;
        for (Map.Entry<FieldDescriptor, Object> entry : message.getAllFields().entrySet()) {
            FieldDescriptor field = entry.getKey();
            if (field.isRepeated()) {
                List<?> values = (List<?>) entry.getValue();
                for (int i = 0; i < values.size(); i++) {
                    Object changed = value(values.get(i), change);
                    if (changed != values.get(i)) {
                        builder = builder == null ? message.toBuilder() : builder;
                        builder.setRepeatedField(field, i, changed);
                    }
                }
            } else {
                Object changed = value(entry.getValue(), change);
                if (changed != entry.getValue()) {
                    builder = builder == null ? message.toBuilder() : builder;
                    builder.setField(field, changed);
                }
            }
        }
        return builder == null ? message : builder.build();
    }

    private static Object value(Object value, UnaryOperator<byte[]> change) {
        if (value instanceof Message message) {
            return map(message, change);
        }
        if (value instanceof ByteString bytes && isStream(bytes)) {
            byte[] before = bytes.toByteArray();
            byte[] after = change.apply(before);
            return after == before ? bytes : ByteString.copyFrom(after);
        }
        return value;
    }

    private static boolean isStream(ByteString bytes) {
        return bytes.size() > 4 && bytes.byteAt(0) == (byte) 0xAC && bytes.byteAt(1) == (byte) 0xED;
    }
}
