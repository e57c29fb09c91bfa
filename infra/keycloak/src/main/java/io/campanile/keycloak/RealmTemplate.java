package io.campanile.keycloak;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.keycloak.representations.idm.RealmRepresentation;

/** The realm that is shipped, read as Keycloak reads it at {@code --import-realm}: with {@code ${NAME:default}} filled in. */
final class RealmTemplate {
    private static final String RESOURCE = "realm.json";
    private static final Pattern PLACE = Pattern.compile("\\$\\{([A-Z_]+)(?::([^}]*))?}");
    /** Values go into texts of JSON: what would end one is refused. */
    private static final Pattern HARMLESS = Pattern.compile("[^\"\\\\\\p{Cntrl}]*");

    private RealmTemplate() {}

    static RealmRepresentation filled(Map<String, String> values) {
        try (InputStream shipped = RealmTemplate.class.getResourceAsStream(RESOURCE)) {
            if (shipped == null) {
                throw new IllegalStateException(RESOURCE + " is not packaged");
            }
            String text = new String(shipped.readAllBytes(), StandardCharsets.UTF_8);
            return new ObjectMapper()
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .readValue(fill(text, values), RealmRepresentation.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String fill(String text, Map<String, String> values) {
        Matcher place = PLACE.matcher(text);
        StringBuilder filled = new StringBuilder();
        while (place.find()) {
            String value = values.getOrDefault(place.group(1), place.group(2));
            if (value == null || !HARMLESS.matcher(value).matches()) {
                throw new IllegalArgumentException("No value for " + place.group(1) + " that a realm can have");
            }
            place.appendReplacement(filled, Matcher.quoteReplacement(value));
        }
        return place.appendTail(filled).toString();
    }
}
