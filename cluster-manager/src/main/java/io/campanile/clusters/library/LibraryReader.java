package io.campanile.clusters.library;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.clusters.policy.Libraries;
import io.campanile.common.errors.ApiException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What requests ask to install and to take off; what cannot be is refused with its field. */
final class LibraryReader {
    private static final String WORD = "[A-Za-z0-9_.-]+";
    /** {@code groupId:artifactId[:packaging[:classifier]]:version}. */
    private static final Pattern COORDINATES = Pattern.compile(WORD + ":" + WORD + "(:" + WORD + "){1,3}");

    private static final Pattern EXCLUSION = Pattern.compile("(" + WORD + "|\\*):(" + WORD + "|\\*)");
    private static final String DBFS = "dbfs:";

    private LibraryReader() {}

    /** Libraries to install. */
    static List<Library> installable(@Nullable JsonNode libraries) {
        List<Library> read = named(libraries);
        for (int i = 0; i < read.size(); i++) {
            Library library = read.get(i);
            String field = "libraries[" + i + "]." + library.kind();
            switch (library.kind()) {
                case "maven" -> checkMaven(field, library.wire().path("maven"));
                case "jar" -> checkJar(field, library.label());
                default -> throw ApiException.invalid(field + ": " + whyNot(library.kind()));
            }
        }
        return read;
    }

    /** Libraries of any kind, as they are named when they are taken off. */
    static List<Library> named(@Nullable JsonNode libraries) {
        JsonNode given = ApiException.require(libraries == null || libraries.isNull() ? null : libraries, "libraries");
        Libraries.check(given);
        if (given.isEmpty()) {
            throw ApiException.invalid("libraries must name at least one library");
        }
        List<Library> read = new ArrayList<>();
        given.forEach(library -> read.add(Library.of(library)));
        return read;
    }

    /** Why libraries of a kind are not installed. */
    static String whyNot(String kind) {
        return switch (kind) {
            case "egg" -> "eggs are not supported; Java libraries are: jar, maven";
            case "cran" -> "clusters have no R runtime; Java libraries are supported: jar, maven";
            default -> "clusters have no Python runtime; Java libraries are supported: jar, maven";
        };
    }

    private static void checkMaven(String field, JsonNode maven) {
        String coordinates = maven.path("coordinates").asText();
        if (!COORDINATES.matcher(coordinates).matches()) {
            throw ApiException.invalid(field
                    + ".coordinates must be groupId:artifactId:version, like org.jsoup:jsoup:1.15.3: " + coordinates);
        }
        maven.path("exclusions").forEach(exclusion -> {
            if (!EXCLUSION.matcher(exclusion.asText()).matches()) {
                throw ApiException.invalid(field + ".exclusions must be groupId:artifactId, where * stands for any: "
                        + exclusion.asText());
            }
        });
        if (maven.has("repo") && !isRepository(maven.path("repo").asText())) {
            throw ApiException.invalid(
                    field + ".repo must be the http or https address of a repository, without a user in it");
        }
    }

    /** Addresses are shown to everybody who may see the cluster: credentials do not belong there. */
    private static boolean isRepository(String address) {
        try {
            URI uri = new URI(address);
            return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getUserInfo() == null;
        } catch (java.net.URISyntaxException e) {
            return false;
        }
    }

    private static void checkJar(String field, String path) {
        if (path.startsWith("/Workspace/")) {
            throw ApiException.invalid(
                    field + ": jars among the notebooks cannot be read by clusters; put it into a volume: " + path);
        }
        String file = file(path);
        boolean climbs = Arrays.stream(file.split("/")).anyMatch(name -> name.equals("..") || name.equals("."));
        if (!(path.startsWith(DBFS + "/") || path.startsWith("/Volumes/")) || climbs || !file.endsWith(".jar")) {
            throw ApiException.invalid(field + " must be the path of a .jar file in /Volumes/ or dbfs:/ : " + path);
        }
    }

    /** The path of a jar among the workspace's files. */
    static String file(String jar) {
        return jar.startsWith(DBFS) ? jar.substring(DBFS.length()) : jar;
    }
}
