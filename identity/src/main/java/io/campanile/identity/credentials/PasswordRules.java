package io.campanile.identity.credentials;

import io.campanile.common.errors.ApiException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a password that a person chooses must be: long, and not what everybody tries first. */
public final class PasswordRules {
    private static final int FEWEST_CHARACTERS = 5;
    private static final int LONGEST = 1024;
    private static final String ROWS = "abcdefghijklmnopqrstuvwxyz 01234567890 qwertyuiop asdfghjkl zxcvbnm qwertzuiop";

    private final int shortest;
    private final Set<String> bad;

    /** {@code shortest}: characters a password has at least. */
    public PasswordRules(int shortest) {
        this.shortest = shortest;
        this.bad = read();
    }

    /** Throws with the rule that is broken, in words for the person who chooses. */
    public void check(String userName, String password, String field) {
        int characters = password.codePointCount(0, password.length());
        if (characters < shortest || password.length() > LONGEST) {
            throw broken(field, "has at least " + shortest + " and at most " + LONGEST + " characters");
        }
        if (password.indexOf('\0') >= 0) {
            throw broken(field, "has no NUL character");
        }
        String plain = password.toLowerCase(Locale.ROOT);
        String name = userName.toLowerCase(Locale.ROOT);
        String local = name.contains("@") ? name.substring(0, name.indexOf('@')) : name;
        if (plain.contains(name) || (local.length() >= 4 && plain.contains(local))) {
            throw broken(field, "does not contain the user name");
        }
        if (plain.codePoints().distinct().count() < FEWEST_CHARACTERS) {
            throw broken(field, "has at least " + FEWEST_CHARACTERS + " different characters");
        }
        if (known(plain) || isRow(plain)) {
            throw broken(field, "is not one that is tried first: this one is known from lists of stolen passwords");
        }
    }

    private boolean known(String plain) {
        String word = letters(plain);
        String half = word.length() % 2 == 0 && word.startsWith(word.substring(word.length() / 2))
                ? word.substring(word.length() / 2)
                : word;
        // Few letters among other characters say nothing about the whole.
        boolean mostly = word.length() * 2 >= plain.length();
        return mostly && (bad.contains(word) || bad.contains(half));
    }

    /** Letters alone, with those that digits and signs stand for, without what is put before and after a word. */
    private static String letters(String plain) {
        String core = plain.replaceAll("^[^a-z]+|[^a-z]+$", "");
        return core.replace('0', 'o')
                .replace('1', 'i')
                .replace('3', 'e')
                .replace('4', 'a')
                .replace('5', 's')
                .replace('7', 't')
                .replace('@', 'a')
                .replace('$', 's')
                .replaceAll("[^a-z]", "");
    }

    /** Keys or letters in their own order, forwards or backwards, and nothing else. */
    private static boolean isRow(String plain) {
        String[] rows = ROWS.split(" ", -1);
        int steps = 0;
        for (int i = 1; i < plain.length(); i++) {
            String pair = plain.substring(i - 1, i + 1);
            String back = new StringBuilder(pair).reverse().toString();
            for (String row : rows) {
                if (row.contains(pair) || row.contains(back)) {
                    steps++;
                    break;
                }
            }
        }
        return steps >= plain.length() - 2;
    }

    private static ApiException broken(String field, String rule) {
        return ApiException.invalid(field + " breaks a rule: a password " + rule);
    }

    private static Set<String> read() {
        try (@Nullable InputStream in = PasswordRules.class.getResourceAsStream("/passwords/known-bad.txt")) {
            if (in == null) {
                throw new IllegalStateException("passwords/known-bad.txt is not in the jar");
            }
            return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
