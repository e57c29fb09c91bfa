package io.campanile.driver.log;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.rewrite.RewriteAppender;
import org.apache.logging.log4j.core.appender.rewrite.RewritePolicy;
import org.apache.logging.log4j.core.config.AppenderRef;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.message.SimpleMessage;
import org.jspecify.annotations.Nullable;

/** Keeps secrets that cells have asked for out of the log of a process: Spark writes what fails, values and all. */
public final class LogRedaction implements RewritePolicy {
    private static final int SHORTEST_HIDDEN = 4;

    private volatile List<String> hidden = List.of();

    /** Puts a redaction between the loggers and every appender there is. */
    public static LogRedaction install() {
        var redaction = new LogRedaction();
        LoggerContext context = LoggerContext.getContext(false);
        Configuration configuration = context.getConfiguration();
        LoggerConfig root = configuration.getRootLogger();
        AppenderRef[] targets = root.getAppenderRefs().toArray(AppenderRef[]::new);
        var appender = RewriteAppender.createAppender("redaction", "true", targets, configuration, redaction, null);
        appender.start();
        configuration.addAppender(appender);
        for (AppenderRef target : targets) {
            root.removeAppender(target.getRef());
        }
        root.addAppender(appender, null, null);
        context.updateLoggers();
        return redaction;
    }

    /** Hides each line of the values from now on. */
    public synchronized void hide(Collection<String> values) {
        hidden = Stream.concat(hidden.stream(), values.stream().flatMap(String::lines))
                .filter(each -> each.length() >= SHORTEST_HIDDEN)
                .distinct()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
    }

    @Override
    public LogEvent rewrite(LogEvent event) {
        List<String> values = hidden;
        if (values.isEmpty()) {
            return event;
        }
        String said = event.getMessage().getFormattedMessage();
        @Nullable Throwable thrown = event.getThrown();
        String whole = thrown == null ? said : said + System.lineSeparator() + trace(thrown);
        if (values.stream().noneMatch(whole::contains)) {
            return event;
        }
        for (String value : values) {
            whole = whole.replace(value, "[REDACTED]");
        }
        return new Log4jLogEvent.Builder(event)
                .setMessage(new SimpleMessage(whole))
                .setThrown(null)
                .build();
    }

    private static String trace(Throwable thrown) {
        var text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
