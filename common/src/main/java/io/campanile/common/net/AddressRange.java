package io.campanile.common.net;

import io.netty.util.NetUtil;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One address or a CIDR block of them, IPv4 or IPv6, by numbers only: a name is never looked up. */
public final class AddressRange {
    private static final Pattern FORM = Pattern.compile("([0-9a-fA-F:.]{2,45})(?:/([0-9]{1,3}))?");
    private static final int MAPPED_BYTES = 12;

    private final byte[] network;
    private final int bits;

    private AddressRange(byte[] network, int bits) {
        this.network = network;
        this.bits = bits;
    }

    /** Empty when the text is neither an address nor a block, or has bits beyond its length. */
    public static Optional<AddressRange> parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return Optional.empty();
        }
        byte @Nullable [] bytes = NetUtil.createByteArrayFromIpAddressString(form.group(1));
        if (bytes == null) {
            return Optional.empty();
        }
        int all = bytes.length * 8;
        @Nullable String length = form.group(2);
        int bits = length == null ? all : Integer.parseInt(length);
        if (bits > all || !zeroBeyond(bytes, bits)) {
            return Optional.empty();
        }
        byte[] plain = plain(bytes);
        return Optional.of(
                plain.length == bytes.length || bits < MAPPED_BYTES * 8
                        ? new AddressRange(bytes, bits)
                        : new AddressRange(plain, bits - MAPPED_BYTES * 8));
    }

    /** Whether {@code address}, as the listener says it, lies within. */
    public boolean holds(String address) {
        // A zone such as %eth0 says where an address was seen, not which one it is.
        int zone = address.indexOf('%');
        byte @Nullable [] bytes =
                NetUtil.createByteArrayFromIpAddressString(zone < 0 ? address : address.substring(0, zone));
        if (bytes == null) {
            return false;
        }
        byte[] plain = plain(bytes);
        return plain.length == network.length && same(plain);
    }

    private boolean same(byte[] address) {
        int whole = bits / 8;
        if (!Arrays.equals(address, 0, whole, network, 0, whole)) {
            return false;
        }
        int mask = 0xff << (8 - bits % 8) & 0xff;
        return bits % 8 == 0 || (address[whole] & mask) == (network[whole] & mask);
    }

    private static boolean zeroBeyond(byte[] bytes, int bits) {
        for (int bit = bits; bit < bytes.length * 8; bit++) {
            if ((bytes[bit / 8] >> (7 - bit % 8) & 1) != 0) {
                return false;
            }
        }
        return true;
    }

    /** IPv4 written as IPv6 (::ffff:192.0.2.1) is the IPv4 address. */
    private static byte[] plain(byte[] bytes) {
        if (bytes.length != 16 || bytes[10] != -1 || bytes[11] != -1) {
            return bytes;
        }
        for (int i = 0; i < 10; i++) {
            if (bytes[i] != 0) {
                return bytes;
            }
        }
        return Arrays.copyOfRange(bytes, MAPPED_BYTES, 16);
    }
}
