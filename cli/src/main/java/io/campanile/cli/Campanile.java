package io.campanile.cli;

import io.campanile.cli.session.GlobalOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The root of the commands. */
@Command(
        name = "campanile",
        description = "Campanile: notebooks on Spark, on your own machine.",
        footer = {
            "",
            "Exit codes: 0 done, 1 failed, 2 called wrongly, 3 not signed in or refused, 4 not found, 5 the server is"
                    + " not available (after several tries).",
            "",
            "CAMPANILE_HOST and CAMPANILE_TOKEN stand in for the profile DEFAULT; CAMPANILE_CONFIG_FILE names another"
                    + " file than ~/.campanilecfg."
        })
final class Campanile {
    @Mixin
    final GlobalOptions options = new GlobalOptions();

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Print the version.")
    boolean version;
}
