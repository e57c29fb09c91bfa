package io.campanile.launcher.matrix;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Turns a row's request into a call: puts things in the place of their names. */
final class Requests {
    private static final Pattern NAME = Pattern.compile("<((?:new\\.)?)([a-z]+)((?:\\.[a-z]+)*)>");
    private static final String SESSION = "@session";
    /** Of the requests' own tenant, or of nobody: they are no things of A that could be missed. */
    private static final Pattern KEPT = Pattern.compile("(other|account|unique|password|host|revision|cell)\\b.*");

    private final Tenants tenants;
    private final Things things;

    Requests(Tenants tenants, Things things) {
        this.tenants = tenants;
        this.things = things;
    }

    /** What stands for the names of one row; fresh things are made when they are first asked for. */
    final class Words {
        private final Map<String, String> fresh = new HashMap<>();
        private final Map<String, String> used = new HashMap<>();
        /** What the names stand for in the request that this one is like; null where this is no such. */
        private final @Nullable Map<String, String> real;

        private Words(@Nullable Map<String, String> real) {
            this.real = real;
        }

        private String word(String prefix, String kind, String rest) {
            if (kind.equals("unique")) {
                return "u" + Tenants.unique().replace("-", "");
            }
            String name = kind + rest;
            String said;
            if (real != null && !KEPT.matcher(name).matches()) {
                said = things.nobodys(String.valueOf(real.get(name)));
            } else {
                said = prefix.isEmpty() ? things.value(name) : made(kind, name);
            }
            used.put(name, said);
            return said;
        }

        private String made(String kind, String name) {
            if (!fresh.containsKey(name)) {
                fresh.putAll(things.make(kind));
            }
            return String.valueOf(fresh.get(name));
        }

        /** A text of the table with things in the place of names. */
        String fill(String text) {
            Matcher names = NAME.matcher(text);
            StringBuilder filled = new StringBuilder();
            while (names.find()) {
                names.appendReplacement(
                        filled, Matcher.quoteReplacement(word(names.group(1), names.group(2), names.group(3))));
            }
            return names.appendTail(filled).toString();
        }

        /** Whether the request names anything that can be missed. */
        boolean namesSomething() {
            return used.keySet().stream().anyMatch(name -> !KEPT.matcher(name).matches());
        }

        /** An answer without what the caller said himself. */
        String unsaid(String body) {
            String rest = body;
            List<String> longestFirst = used.values().stream()
                    .flatMap(said -> Stream.of(said, said.substring(said.lastIndexOf('/') + 1)))
                    .filter(said -> !said.isEmpty())
                    .sorted(Comparator.comparing(said -> -said.length()))
                    .toList();
            for (String said : longestFirst) {
                Pattern word = Pattern.compile("(?<![0-9A-Za-z])" + Pattern.quote(said) + "(?![0-9A-Za-z])");
                rest = word.matcher(rest).replaceAll("<said>");
            }
            return rest;
        }
    }

    Words words() {
        return new Words(null);
    }

    /** The same request for what does not exist. */
    Words nobodys(Words real) {
        return new Words(real.used);
    }

    static boolean bySession(Row row) {
        return row.request().startsWith(SESSION);
    }

    /** The call of a row, without a credential. */
    Wire.Call call(Row row, Words words) {
        String request = bySession(row) ? row.request().substring(SESSION.length() + 1) : row.request();
        int end = request.indexOf(' ');
        String uri = words.fill(end < 0 ? request : request.substring(0, end));
        @Nullable String body = end < 0 ? null : words.fill(request.substring(end + 1));
        Wire.Call call = Wire.Call.of(row.method(), uri, body);
        return body == null ? call : call.with("Content-Type", type(body));
    }

    private static String type(String body) {
        if (body.startsWith("{") || body.startsWith("[")) {
            return "application/json";
        }
        if (body.startsWith("<svg")) {
            return "image/svg+xml";
        }
        return body.startsWith("grant_type=") || body.startsWith("logout_token=")
                ? "application/x-www-form-urlencoded"
                : "application/octet-stream";
    }

    /** The call with what the identity has to show. */
    Wire.Call as(Identity who, Row row, Wire.Call call) {
        return bySession(row) ? bySession(who, call) : tenants.authorized(who, call);
    }

    /** A session of its own for each call: some end it. */
    private Wire.Call bySession(Identity who, Wire.Call call) {
        Wire.Call fromPage = call.with("Origin", tenants.origin());
        return switch (who) {
            case ANONYMOUS, ACCOUNT -> fromPage;
            case GARBAGE ->
                fromPage.with("Cookie", tenants.session(Identity.OWNER).replaceAll(".{6}$", "000000"));
            case EXPIRED -> fromPage.with("Cookie", tenants.expiredSession());
            case REVOKED -> fromPage.with("Cookie", tenants.endedSession());
            case VIEWER, RUNNER, OWNER, ADMIN, OTHER -> fromPage.with("Cookie", tenants.session(who));
        };
    }
}
