package io.campanile.launcher.matrix;

import static net.bytebuddy.matcher.ElementMatchers.isAbstract;
import static net.bytebuddy.matcher.ElementMatchers.nameStartsWith;
import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.none;
import static net.bytebuddy.matcher.ElementMatchers.not;
import static net.bytebuddy.matcher.ElementMatchers.takesArgument;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;

import java.lang.instrument.Instrumentation;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.agent.builder.ResettableClassFileTransformer;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.asm.AsmVisitorWrapper;
import net.bytebuddy.asm.MemberSubstitution;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.utility.JavaModule;
import org.jspecify.annotations.Nullable;

/**
 * One rule, switched off in the running platform: the class that decides gets other byte code, and its own again
 * afterwards. The product has no switch for it.
 *
 * @param rule in words
 * @param type the class that decides
 * @param change what becomes of it
 * @param affected rows whose cells are looked at in the short run
 */
record Mutant(String rule, String type, AsmVisitorWrapper change, Predicate<Row> affected) {
    /** Does something while the rule is off. */
    <T> T off(Instrumentation instrumentation, Callable<T> work) throws Exception {
        ResettableClassFileTransformer transformer = change(instrumentation);
        T done;
        boolean back;
        try {
            done = work.call();
        } finally {
            back = transformer.reset(instrumentation, AgentBuilder.RedefinitionStrategy.RETRANSFORMATION);
        }
        if (!back) {
            throw new IllegalStateException(type + " is not what it was");
        }
        return done;
    }

    private ResettableClassFileTransformer change(Instrumentation instrumentation) throws ClassNotFoundException {
        // Only what is loaded can be changed.
        Class<?> decides = Class.forName(type);
        AtomicInteger changed = new AtomicInteger();
        AgentBuilder.Listener counted = new AgentBuilder.Listener.Adapter() {
            @Override
            public void onTransformation(
                    TypeDescription description,
                    @Nullable ClassLoader loader,
                    @Nullable JavaModule module,
                    boolean loaded,
                    DynamicType built) {
                changed.incrementAndGet();
            }
        };
        ResettableClassFileTransformer transformer = new AgentBuilder.Default(new ByteBuddy().ignore(none()))
                .disableClassFormatChanges()
                .with(AgentBuilder.RedefinitionStrategy.RETRANSFORMATION)
                .with(new AgentBuilder.RedefinitionStrategy.DiscoveryStrategy.Explicit(decides))
                .with(AgentBuilder.RedefinitionStrategy.Listener.ErrorEscalating.FAIL_FAST)
                .with(AgentBuilder.Listener.StreamWriting.toSystemError().withErrorsOnly())
                .with(counted)
                .ignore(none())
                .type(named(type))
                .transform((builder, description, loader, module, domain) -> builder.visit(change))
                .installOn(instrumentation);
        if (changed.get() != 1) {
            throw new IllegalStateException(type + " was changed " + changed.get() + " times");
        }
        return transformer;
    }

    /** A method that does nothing. */
    static AsmVisitorWrapper nothing(String method) {
        return Advice.to(Bodies.Nothing.class).on(named(method).and(not(isAbstract())));
    }

    /** A method that always says yes. */
    static AsmVisitorWrapper yes(String method) {
        return Advice.to(Bodies.Yes.class).on(named(method).and(not(isAbstract())));
    }

    /** A method with so many arguments for which the workspace, the first or second of them, is always A. */
    static AsmVisitorWrapper ofTenantA(String method, int arguments, int workspace) {
        return Advice.to(workspace == 0 ? Bodies.FirstOfA.class : Bodies.SecondOfA.class)
                .on(named(method).and(takesArguments(arguments)).and(takesArgument(workspace, long.class)));
    }

    /** Within the methods whose names begin so, a question of one argument is always answered with yes. */
    static AsmVisitorWrapper yesWithin(String method, String question) {
        return within(method, question, "yes");
    }

    /** Within the methods whose names begin so, another value than the one asked for. */
    static AsmVisitorWrapper within(String method, String question, String instead) {
        Method answer = Arrays.stream(Bodies.class.getMethods())
                .filter(each -> each.getName().equals(instead))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(instead));
        return MemberSubstitution.relaxed()
                .method(named(question))
                .replaceWith(answer)
                .on(nameStartsWith(method));
    }
}
