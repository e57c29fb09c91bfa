package io.campanile.cli.session;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** What every command takes. */
public final class GlobalOptions {
    /** How answers are printed. */
    public enum Output {
        text,
        json
    }

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            scope = ScopeType.INHERIT,
            order = 100,
            description = "Section of ~/.campanilecfg to use (default: DEFAULT).")
    @Nullable
    String profile;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORM",
            scope = ScopeType.INHERIT,
            order = 101,
            defaultValue = "text",
            description = "text: tables for people; json: what the API answered.")
    Output output = Output.text;

    @Option(
            names = {"-q", "--quiet"},
            scope = ScopeType.INHERIT,
            order = 102,
            description = "Print only what was asked for: no headings, notes or progress.")
    boolean quiet;

    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            order = 103,
            description = "Print requests and answers to standard error, secrets blacked out.")
    boolean debug;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            order = 104,
            description = "Print this help.")
    boolean help;
}
