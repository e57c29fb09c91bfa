package io.campanile.common.db;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/**
 * After every test class: each statement that the product ran in it within the fence must be refused once its workspace
 * is forgotten, for all of its tables and for each of them alone. Found by JUnit itself, so no class can leave it out.
 */
public final class FenceMutants implements BeforeAllCallback, AfterAllCallback {
    private static final Pattern COLUMN = Pattern.compile("(?:\"?\\b(\\w+)\"?\\.)?\"?\\bworkspace_id\\b\"?");
    private static final Pattern ALIAS = Pattern.compile("\\b(\\w+)\"?\\s+(?:as\\s+)?\"?(\\w+)");
    private static final Texts TEXTS = new Texts();

    @Override
    public void beforeAll(ExtensionContext context) {
        TEXTS.listen();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        List<String> passed = new ArrayList<>();
        for (Map.Entry<String, Set<String>> text : TEXTS.take().entrySet()) {
            if (TenantStatement.problem(text.getKey(), text.getValue()).isEmpty()) {
                for (String mutant : mutants(text.getKey(), text.getValue())) {
                    if (TenantStatement.problem(mutant, text.getValue()).isEmpty()) {
                        passed.add(mutant);
                    }
                }
            }
        }
        if (!passed.isEmpty()) {
            throw new AssertionError("These forget their workspace, and the fence lets them pass: " + passed);
        }
    }

    /** The statement with the workspace of all of its tables forgotten, and with that of one after the other. */
    static Set<String> mutants(String text, Set<String> tables) {
        String sql = withoutAnswer(text);
        Set<String> names = new HashSet<>(tables);
        Matcher aliases = ALIAS.matcher(sql);
        for (int at = 0; aliases.find(at); at = aliases.start(2)) {
            if (tables.contains(aliases.group(1))) {
                names.add(aliases.group(2));
            }
        }
        Set<String> forgotten = new HashSet<>();
        Matcher columns = COLUMN.matcher(sql);
        while (columns.find()) {
            if (columns.group(1) == null || names.contains(columns.group(1))) {
                forgotten.add(columns.group(1) == null ? "" : columns.group(1));
            }
        }
        Set<String> mutants = new HashSet<>();
        if (!forgotten.isEmpty()) {
            mutants.add(COLUMN.matcher(sql).replaceAll("another_id"));
        }
        boolean insert = sql.stripLeading().toLowerCase(Locale.ROOT).startsWith("insert");
        for (String name : forgotten) {
            // An unqualified column may also be one of the answer; of an INSERT it is the one of the new row.
            if (!name.isEmpty() || insert) {
                mutants.add(COLUMN.matcher(sql)
                        .replaceAll(found -> name.equals(found.group(1) == null ? "" : found.group(1))
                                ? "another_id"
                                : Matcher.quoteReplacement(found.group())));
            }
        }
        return mutants;
    }

    /** What a change answers says nothing of which rows it changes, and may name the workspace too. */
    private static String withoutAnswer(String sql) {
        String text = sql.toLowerCase(Locale.ROOT);
        int answer = text.lastIndexOf(" returning ");
        return answer < 0 || text.stripLeading().startsWith("with") ? sql : sql.substring(0, answer);
    }

    /** What the fence has read, with the tables that have a workspace. */
    private static final class Texts extends AppenderBase<ILoggingEvent> {
        private final Map<String, Set<String>> texts = new ConcurrentHashMap<>();

        private synchronized void listen() {
            if (isStarted()) {
                return;
            }
            Logger logger = (Logger) LoggerFactory.getLogger("io.campanile.common.db.statements");
            setContext(logger.getLoggerContext());
            start();
            logger.setLevel(Level.DEBUG);
            logger.setAdditive(false);
            logger.addAppender(this);
        }

        private Map<String, Set<String>> take() {
            Map<String, Set<String>> taken = Map.copyOf(texts);
            taken.keySet().forEach(texts::remove);
            return taken;
        }

        @Override
        protected void append(ILoggingEvent event) {
            String sql = "";
            Set<String> tables = new HashSet<>();
            for (KeyValuePair pair : event.getKeyValuePairs()) {
                if (pair.key.equals("sql")) {
                    sql = String.valueOf(pair.value);
                } else if (pair.value instanceof Set<?> names) {
                    names.forEach(name -> tables.add(String.valueOf(name)));
                }
            }
            texts.put(sql, Set.copyOf(tables));
        }
    }
}
