package io.campanile.cli.workspace;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.cli.exit.CliFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What the name and the first line of a file say about the notebook in it. */
final class NotebookFile {
    private static final int LONGEST_FIRST_LINE = 200;
    private static final Map<String, String> LANGUAGES =
            Map.of("java", "JAVA", "sql", "SQL", "py", "PYTHON", "scala", "SCALA", "r", "R");

    private NotebookFile() {}

    /** How a file is sent: its format, its language where that must be said, and its name in the workspace. */
    record Form(String format, String language, String name) {}

    /**
     * A notebook by its name (.ipynb, .dbc, .html) or by its name and the first line that exports write; other files
     * are left to the server.
     */
    static Form detect(Path file) {
        String name = file.getFileName().toString();
        String extension = extension(name);
        String bare = name.substring(0, name.length() - (extension.isEmpty() ? 0 : extension.length() + 1));
        return switch (extension) {
            case "ipynb" -> new Form("JUPYTER", "", bare);
            case "dbc" -> new Form("DBC", "", bare);
            default ->
                LANGUAGES.containsKey(extension) && marked(file)
                        ? new Form("SOURCE", LANGUAGES.getOrDefault(extension, ""), bare)
                        : new Form("AUTO", "", name);
        };
    }

    /** As {@code detect}, for one file that is given a name without an extension: that can only be a notebook. */
    static Form named(Path file, String name) {
        String language = LANGUAGES.getOrDefault(extension(file.getFileName().toString()), "");
        Form form = detect(file);
        return form.format().equals("AUTO")
                        && !language.isEmpty()
                        && extension(name).isEmpty()
                ? new Form("SOURCE", language, name)
                : form;
    }

    static Optional<String> language(Path file) {
        return Optional.ofNullable(LANGUAGES.get(extension(file.getFileName().toString())));
    }

    /** The name of the file that an object becomes. */
    static String fileName(JsonNode object, String format) {
        String name = WorkspaceApi.name(object.path("path").asText());
        if (!object.path("object_type").asText().equals("NOTEBOOK")) {
            return name;
        }
        return name
                + switch (format) {
                    case "JUPYTER" -> ".ipynb";
                    case "HTML" -> ".html";
                    case "DBC" -> ".dbc";
                    default -> "." + ofLanguage(object.path("language").asText());
                };
    }

    private static String ofLanguage(String language) {
        return LANGUAGES.entrySet().stream()
                .filter(entry -> entry.getValue().equals(language))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("txt");
    }

    private static String extension(String name) {
        int dot = name.lastIndexOf('.');
        return dot < 1 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
    }

    private static boolean marked(Path file) {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
            char[] start = new char[LONGEST_FIRST_LINE];
            int count = reader.read(start);
            String text = count < 0 ? "" : new String(start, 0, count);
            return text.split("\n", 2)[0].contains("Databricks notebook source");
        } catch (IOException e) {
            throw CliFailure.io("The file cannot be read", e);
        }
    }
}
