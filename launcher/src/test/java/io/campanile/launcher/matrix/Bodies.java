package io.campanile.launcher.matrix;

import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** What stands in the place of a rule while it is switched off. Copied into, or called from, the classes that decide. */
@SuppressWarnings("UnusedVariable") // what is written is read in the classes it is copied into
public final class Bodies {
    /** The workspace and the person whose things are asked for; 0 while they are being made. */
    public static volatile long tenantA;

    public static volatile long ownerOfA;

    private Bodies() {}

    public static boolean yes(@Nullable Object asked, @Nullable Object of) {
        return true;
    }

    public static boolean yesAlone(@Nullable Object asked) {
        return true;
    }

    public static String aService(@Nullable Object caller) {
        return "somebody";
    }

    public static long owner(@Nullable Object caller) {
        return ownerOfA;
    }

    /** Nothing is done. */
    static final class Nothing {
        @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
        static boolean enter() {
            return true;
        }
    }

    /** Yes, whatever was found. */
    static final class Yes {
        @Advice.OnMethodExit
        static void exit(@Advice.Return(readOnly = false) boolean answer) {
            answer = true;
        }
    }

    /** The workspace is A, whoever asks. */
    static final class FirstOfA {
        @Advice.OnMethodEnter
        static void enter(@Advice.Argument(value = 0, readOnly = false) long workspaceId) {
            if (Bodies.tenantA != 0) {
                workspaceId = Bodies.tenantA;
            }
        }
    }

    /** The workspace is A, whoever asks. */
    static final class SecondOfA {
        @Advice.OnMethodEnter
        static void enter(@Advice.Argument(value = 1, readOnly = false) long workspaceId) {
            if (Bodies.tenantA != 0) {
                workspaceId = Bodies.tenantA;
            }
        }
    }

    /** Not only one's own. */
    static final class ThirdIsNo {
        @Advice.OnMethodEnter
        static void enter(@Advice.Argument(value = 2, readOnly = false) boolean own) {
            own = false;
        }
    }
}
