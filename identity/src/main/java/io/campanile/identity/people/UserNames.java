package io.campanile.identity.people;

import io.campanile.common.errors.ApiException;
import java.text.Normalizer;
import java.util.regex.Pattern;

/** What a user may be called. */
public final class UserNames {
    /** It names the home folder, so it must be a name that a folder can have. */
    private static final Pattern FORM = Pattern.compile("(?!\\.{1,2}$)[^\\p{Cc}\\p{Cf}\\p{Cs}\\p{Z}/]{1,128}");

    private UserNames() {}

    public static String require(String userName) {
        // Composed, as names of folders are: else the home folder of its name could not be named.
        if (!FORM.matcher(userName).matches() || !Normalizer.isNormalized(userName, Normalizer.Form.NFC)) {
            throw ApiException.invalid("A user name has 1 to 128 characters in the composed Unicode form, none of them"
                    + " blank, unseen or a slash, and is neither . nor ..");
        }
        return userName;
    }

    /** How somebody is shown who has given no name. */
    public static String shown(String userName) {
        int at = userName.indexOf('@');
        return at > 0 ? userName.substring(0, at) : userName;
    }
}
